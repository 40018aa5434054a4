#!/usr/bin/env node
import { pushServiceCommand } from '@belfry/push-service'
import { Command } from 'commander'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { keysCommand } from './cli/keys-command.ts'
import { startCommand } from './cli/start-command.ts'

/** The program's door: argv and environment in, commands out. The only file that reads `process.env`. */
const root = join(import.meta.dirname, '../..')
const say = (line: string) => {
  process.stdout.write(`${line}\n`)
}
const onSignal = (stop: () => void) => {
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

const program = new Command('belfry')
  .description(
    'Chat messages and calls that reach a closed tab, with your own keys, on your own server',
  )
  .showHelpAfterError()

program
  .command('start')
  .description('start every role on the embedded store and queue')
  .option('--roles <list>', 'only these roles: api, web-push, expo-push, missed-call')
  .action(async (options: { roles?: string }) => {
    if (existsSync('.env')) process.loadEnvFile('.env')
    await startCommand({
      environment: process.env,
      root,
      roles: options.roles,
      say,
      onSignal,
      exit: (code) => process.exit(code),
      isTerminal: process.stdout.isTTY,
    })
  })

program
  .command('keys')
  .description('print a new VAPID pair and JWT secret as environment lines')
  .option('--json', 'as JSON')
  .action((options: { json?: boolean }) => keysCommand(say, options.json === true))

program
  .command('push-service')
  .description('run a push service of your own for development: a stock Firefox can use it')
  .option('--port <number>', 'port for senders and browsers', '21200')
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--json', 'print JSON lines')
  .action(async (options: { port: string; host: string; json?: boolean }) => {
    const service = await pushServiceCommand(
      { port: Number(options.port), host: options.host, json: options.json === true },
      { stdout: process.stdout },
    )
    onSignal(() => {
      void service.close().then(() => process.exit(0))
    })
  })

try {
  await program.parseAsync()
} catch (cause) {
  const known = cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
  process.stderr.write(
    `${known ? `${cause.message} [${String(cause.code)}]` : String(cause instanceof Error ? cause.stack : cause)}\n`,
  )
  process.exitCode = 1
}
