import type { Command } from 'commander'
import { listenFailure } from '../api/listen.ts'
import { listenAddress, port, seconds } from './flags.ts'
import type { Surroundings } from './surroundings.ts'

type ServiceSurroundings = Pick<Surroundings, 'say' | 'onSignal' | 'exit'>

interface ServiceOptions {
  readonly port: number
  readonly host: string
  readonly json?: boolean
}

/** `belfry push-service` and `belfry expo-service`: for development only, a server does without their code. */
export function addServiceCommands(belfry: Command, surroundings: ServiceSurroundings): void {
  belfry
    .command('push-service')
    .description('run a push service of your own for development: a stock Firefox can use it')
    .option('--port <number>', 'port for senders and browsers', port, 21_200)
    .option('--host <address>', 'address to listen on', listenAddress, '127.0.0.1')
    .option('--json', 'print JSON lines')
    .action(async (options: ServiceOptions) => {
      const { pushServiceCommand } = await import('@belfry/push-service')
      await serve(surroundings, options, (stdout) => pushServiceCommand(options, { stdout }))
    })
  belfry
    .command('expo-service')
    .description('run an Expo push service of your own for development, with phones to look at')
    .option('--port <number>', 'port for senders', port, 21_300)
    .option('--host <address>', 'address to listen on', listenAddress, '127.0.0.1')
    .option('--receipt-delay <seconds>', 'how long after a push its receipt is ready', seconds, 2)
    .option('--json', 'print JSON lines')
    .addHelpText('after', expoServiceHelp)
    .action(async (options: ServiceOptions & { readonly receiptDelay: number }) => {
      const { expoServiceCommand } = await import('@belfry/expo-service')
      const receiptDelayMs = options.receiptDelay * 1000
      await serve(surroundings, options, (stdout) =>
        expoServiceCommand({ ...options, receiptDelayMs }, { stdout }),
      )
    })
}

const expoServiceHelp = `
It prints the EXPO_PUSH_URL to set in Belfry's environment, and the tokens of two phones to
register as devices; then one line for every push. It keeps everything in memory.
It answers as Expo does. See what the phones show, and ask for an error:

  curl http://127.0.0.1:21300/control/phones
  curl http://127.0.0.1:21300/control/answer -H 'Content-Type: application/json' \\
    -d '{"answer": {"kind": "receipt-error", "error": "DeviceNotRegistered"}}'
`

/** Runs it until a signal. @throws ListenError in the words of the flags. */
async function serve(
  { say, onSignal, exit }: ServiceSurroundings,
  to: ServiceOptions,
  start: (stdout: { write(text: string): void }) => Promise<{ close(): Promise<void> }>,
): Promise<void> {
  const starting = start({ write: (text) => say(text.replace(/\n$/, '')) })
  // Before it says that it is there, because whoever reads that may signal at once.
  onSignal(() => {
    starting
      .then((service) => service.close())
      .then(
        () => exit(0),
        () => exit(1),
      )
  })
  try {
    await starting
  } catch (cause) {
    throw listenFailure(cause, to, flagNames)
  }
}

const flagNames = { port: '--port', anyPort: '--port 0', host: '--host' } as const
