import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { addDeadCommands } from './dead-commands.ts'
import { addServiceCommands } from './service-commands.ts'
import { stopOnSignal } from './stop-on-signal.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * One command of the program, from its arguments (without `node` and the script). Resolves when the
 * command has started or is done. False: it failed, and has said why.
 */
export async function runBelfry(
  argv: readonly string[],
  surroundings: Surroundings,
): Promise<boolean> {
  try {
    await program(surroundings).parseAsync([...argv], { from: 'user' })
    return true
  } catch (cause) {
    surroundings.complain(inWords(cause))
    return false
  }
}

function program(surroundings: Surroundings): Command {
  const { say } = surroundings
  const belfry = new Command('belfry')
    .description(
      'Chat messages and calls that reach a closed tab, with your own keys, on your own server',
    )
    .version(ownVersion())
    .showHelpAfterError()

  belfry
    .command('start')
    .description('start every role, on the embedded engines or on MongoDB and RabbitMQ')
    .option('--roles <list>', 'only these roles: api, web-push, expo-push, missed-call')
    .action(async ({ roles }: { roles?: string }) => {
      // Before the rest is loaded, which takes half a second.
      const stop = stopOnSignal(surroundings)
      const { startCommand } = await import('./start-command.ts')
      await startCommand({ ...surroundings, roles, stop })
    })

  belfry
    .command('keys')
    .description('print a new VAPID pair and JWT secret as environment lines')
    .option('--json', 'as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { keysCommand } = await import('./keys-command.ts')
      keysCommand(say, json)
    })

  addDeadCommands(belfry, surroundings)
  addServiceCommands(belfry, surroundings)
  return belfry
}

function ownVersion(): string {
  const about: unknown = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
  )
  return typeof about === 'object' && about !== null && 'version' in about
    ? String(about.version)
    : 'unknown'
}

/** An error with a code says what to do; of another the whole trace is needed. */
function inWords(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  return 'code' in cause && typeof cause.code === 'string'
    ? `${cause.message} [${cause.code}]`
    : (cause.stack ?? cause.message)
}
