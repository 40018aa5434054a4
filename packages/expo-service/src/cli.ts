import type { ExpoServiceEvent } from './expo-service-event.ts'
import type { ExpoService } from './expo-service.ts'
import { startExpoService } from './start-expo-service.ts'

/** Options of `belfry expo-service`, already parsed. */
export interface ExpoServiceCommandOptions {
  /** Fixed by default (21300), so that an environment written once works again. */
  readonly port?: number
  readonly host?: string
  /** How long after acceptance a receipt is ready; 2 s by default. */
  readonly receiptDelayMs?: number
  /** Print one JSON line instead of text, then one for each event. */
  readonly json?: boolean
}

/** Two phones that are there at every start, so that a token registered once works again. */
const phones = [
  { platform: 'android', token: 'ExponentPushToken[belfry-android-phone]' },
  { platform: 'ios', token: 'ExponentPushToken[belfry-ios-phone]' },
] as const

/**
 * Starts the service with two phones, prints what to set in Belfry, then a line for every push.
 * The caller closes the service, for instance on SIGINT.
 */
export async function expoServiceCommand(
  options: ExpoServiceCommandOptions,
  { stdout }: { readonly stdout: { write(text: string): unknown } },
): Promise<ExpoService> {
  const { json = false } = options
  const service = await startExpoService({
    port: options.port ?? 21_300,
    host: options.host ?? '127.0.0.1',
    receiptDelayMs: options.receiptDelayMs ?? 2000,
    onEvent(event) {
      const line = json ? jsonLine(event) : textLine(event)
      if (line !== undefined) stdout.write(`${line}\n`)
    },
  })
  for (const phone of phones) service.install(phone)
  const { url } = service
  const controlUrl = `${new URL(url).origin}/control`
  const env = { EXPO_PUSH_URL: url }
  stdout.write(
    json
      ? `${JSON.stringify({ type: 'listening', url, controlUrl, phones, env })}\n`
      : banner(env, controlUrl),
  )
  return service
}

function banner(env: Readonly<Record<string, string>>, controlUrl: string): string {
  return [
    'Expo push service; Ctrl+C stops it and forgets everything.',
    '',
    "In Belfry's environment:",
    ...Object.entries(env).map(([name, value]) => `  ${name}=${value}`),
    '',
    'Tokens of two phones, to register as devices:',
    ...phones.map(({ platform, token }) => `  ${platform.padEnd(7)}  ${token}`),
    '',
    `What the phones show: ${controlUrl}/phones`,
    '',
    '',
  ].join('\n')
}

/** Neither form shows a token, a title or data. */
function textLine(event: ExpoServiceEvent): string | undefined {
  switch (event.type) {
    case 'push': {
      const { form, platform = 'unknown phone', payloadBytes, message, receipt } = event
      const { priority = 'default', ttl } = message
      const life = ttl === undefined ? '' : `, ttl ${ttl}`
      const end = receipt === 'ok' ? '' : `, receipt ${receipt}`
      return `push     ${platform}, ${form}, ${payloadBytes} bytes, priority ${priority}${life}${end}`
    }
    case 'ticket-error':
      return `ticket   ${event.error}`
    case 'refused':
      return `refused  ${event.status} ${event.code} (${event.endpoint})`
    case 'scripted':
      return `scripted ${event.kind}${event.status === undefined ? '' : ` ${event.status}`} (${event.endpoint})`
    case 'receipts':
      return `receipts ${event.ready.length} of ${event.asked.length} ready`
    case 'request':
      return undefined
  }
}

function jsonLine(event: ExpoServiceEvent): string | undefined {
  const { type } = event
  switch (type) {
    case 'push': {
      const { form, platform, payloadBytes, receipt, ticketId } = event
      const { priority, ttl } = event.message
      return JSON.stringify({
        type,
        ticketId,
        platform,
        form,
        payloadBytes,
        priority,
        ttl,
        receipt,
      })
    }
    case 'ticket-error':
      return JSON.stringify({ type, error: event.error })
    case 'refused': {
      const { endpoint, status, code } = event
      return JSON.stringify({ type, endpoint, status, code })
    }
    case 'scripted': {
      const { endpoint, kind, status } = event
      return JSON.stringify({ type, endpoint, kind, status })
    }
    case 'receipts':
      return JSON.stringify({ type, asked: event.asked.length, ready: event.ready.length })
    case 'request':
      return undefined
  }
}
