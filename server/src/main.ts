import { join } from 'node:path'
import { runBelfry } from './cli/run-belfry.ts'
import { existingText } from './config/existing-text.ts'

/** The program's door: arguments and environment in. The only file that reads `process.env`. */
const ran = await runBelfry(process.argv.slice(2), {
  environment() {
    // Node calls a file missing that it may not read.
    if (existingText('.env') !== null) process.loadEnvFile('.env')
    return process.env
  },
  root: join(import.meta.dirname, '../..'),
  say: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
  onSignal(stop) {
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  },
  exit: (code) => process.exit(code),
  isTerminal: process.stdout.isTTY,
})
if (!ran) process.exitCode = 1
