import { Command } from 'commander'
import { addDeadCommands } from './dead-commands.ts'
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
  const { say } = surroundings
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

  addDeadCommands(belfry, surroundings)
  addPushService(belfry, surroundings)
  addExpoService(belfry, surroundings)
  return belfry
}

function addPushService(belfry: Command, { say, onSignal, exit }: Surroundings): void {
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
}

const expoServiceHelp = `
It prints the EXPO_PUSH_URL to set in Belfry's environment, and the tokens of two phones to
register as devices; then one line for every push. It keeps everything in memory.
It answers as Expo does. See what the phones show, and ask for an error:

  curl http://127.0.0.1:21300/control/phones
  curl http://127.0.0.1:21300/control/answer -H 'Content-Type: application/json' \\
    -d '{"answer": {"kind": "receipt-error", "error": "DeviceNotRegistered"}}'
`

function addExpoService(belfry: Command, { say, onSignal, exit }: Surroundings): void {
  belfry
    .command('expo-service')
    .description('run an Expo push service of your own for development, with phones to look at')
    .option('--port <number>', 'port for senders', '21300')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--receipt-delay <seconds>', 'how long after a push its receipt is ready', '2')
    .option('--json', 'print JSON lines')
    .addHelpText('after', expoServiceHelp)
    .action(
      async (options: { port: string; host: string; receiptDelay: string; json?: boolean }) => {
        const { host, json = false } = options
        // For development only: a server does without it.
        const { expoServiceCommand } = await import('@belfry/expo-service')
        const stdout = { write: (text: string) => say(text.replace(/\n$/, '')) }
        const receiptDelayMs = Number(options.receiptDelay) * 1000
        const service = await expoServiceCommand(
          { port: Number(options.port), host, receiptDelayMs, json },
          { stdout },
        )
        onSignal(() => {
          void service.close().then(() => exit(0))
        })
      },
    )
}

/** An error with a code says what to do; of another the whole trace is needed. */
function inWords(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  return 'code' in cause && typeof cause.code === 'string'
    ? `${cause.message} [${cause.code}]`
    : (cause.stack ?? cause.message)
}
