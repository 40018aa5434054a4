import { Command } from 'commander'
import { keysCommand } from './keys-command.ts'
import { startCommand } from './start-command.ts'
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
  const { say, onSignal, exit } = surroundings
  const belfry = new Command('belfry')
    .description(
      'Chat messages and calls that reach a closed tab, with your own keys, on your own server',
    )
    .showHelpAfterError()

  belfry
    .command('start')
    .description('start every role, on the embedded engines or on MongoDB and RabbitMQ')
    .option('--roles <list>', 'only these roles: api, web-push, expo-push, missed-call')
    .action(async ({ roles }: { roles?: string }) => startCommand({ ...surroundings, roles }))

  belfry
    .command('keys')
    .description('print a new VAPID pair and JWT secret as environment lines')
    .option('--json', 'as JSON')
    .action(({ json = false }: { json?: boolean }) => keysCommand(say, json))

  belfry
    .command('push-service')
    .description('run a push service of your own for development: a stock Firefox can use it')
    .option('--port <number>', 'port for senders and browsers', '21200')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--json', 'print JSON lines')
    .action(
      async ({ port, host, json = false }: { port: string; host: string; json?: boolean }) => {
        // For development only: a server does without it.
        const { pushServiceCommand } = await import('@belfry/push-service')
        const stdout = { write: (text: string) => say(text.replace(/\n$/, '')) }
        const service = await pushServiceCommand({ port: Number(port), host, json }, { stdout })
        onSignal(() => {
          void service.close().then(() => exit(0))
        })
      },
    )
  return belfry
}

/** An error with a code says what to do; of another the whole trace is needed. */
function inWords(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  return 'code' in cause && typeof cause.code === 'string'
    ? `${cause.message} [${cause.code}]`
    : (cause.stack ?? cause.message)
}
