import type { PushService } from './push-service.ts'
import type { PushServiceEvent } from './push-service-event.ts'
import { startPushService } from './start-push-service.ts'

/** Options of `belfry push-service`, already parsed. */
export interface PushServiceCommandOptions {
  /** Fixed by default (21200), so that a browser profile made once works again. */
  readonly port?: number
  readonly host?: string
  /** Print one JSON line instead of text, then one for each event. */
  readonly json?: boolean
}

/** Text for `belfry push-service --help`. */
export const pushServiceHelp = `Usage: belfry push-service [--port 21200] [--host 127.0.0.1] [--json]

Runs a push service on this machine, so that a stock Firefox receives pushes
without the internet. It keeps everything in memory. For development and tests.
`

/**
 * Starts the service, prints what to set in Firefox and in Belfry, then a line for every push.
 * The caller closes the service, for instance on SIGINT.
 */
export async function pushServiceCommand(
  options: PushServiceCommandOptions,
  { stdout }: { readonly stdout: { write(text: string): unknown } },
): Promise<PushService> {
  const { json = false } = options
  const service = await startPushService({
    port: options.port ?? 21_200,
    host: options.host ?? '127.0.0.1',
    onEvent(event) {
      const line = json ? jsonLine(event) : textLine(event)
      if (line !== undefined) stdout.write(`${line}\n`)
    },
  })
  const { webSocketUrl, endpointOrigin, endpointHost } = service
  const prefs = firefoxPrefs(webSocketUrl)
  const ready = { type: 'listening', webSocketUrl, endpointOrigin, firefoxPrefs: prefs }
  const env = { PUSH_ALLOWED_HOSTS: endpointHost }
  stdout.write(json ? `${JSON.stringify({ ...ready, env })}\n` : banner(prefs, env))
  return service
}

/** What a Firefox needs to talk to this service instead of Mozilla's. */
function firefoxPrefs(webSocketUrl: string): Record<string, string | boolean> {
  return {
    'dom.push.serverURL': webSocketUrl,
    'dom.push.testing.allowInsecureServerURL': true,
    'dom.push.connection.enabled': true,
  }
}

function banner(prefs: Record<string, string | boolean>, env: Record<string, string>): string {
  const set = (name: string, value: unknown) => `  user_pref("${name}", ${JSON.stringify(value)});`
  return [
    `Push service at ${String(prefs['dom.push.serverURL'])}; Ctrl+C stops it and forgets every subscription.`,
    '',
    'In Firefox (user.js of a test profile, or about:config), then restart it:',
    ...Object.entries(prefs).map(([name, value]) => set(name, value)),
    '',
    "In Belfry's environment:",
    ...Object.entries(env).map(([name, value]) => `  ${name}=${value}`),
    '',
    '',
  ].join('\n')
}

/** Neither form shows an endpoint, a token or a body. */
function textLine(event: PushServiceEvent): string | undefined {
  switch (event.type) {
    case 'push':
      return `push     201, ${event.body.length} bytes, TTL ${event.ttl}, urgency ${event.urgency ?? 'normal'}`
    case 'refused':
      return `refused  ${event.status}${event.errno === undefined ? '' : `, errno ${event.errno}`}`
    case 'hello':
      return `hello    a browser ${event.known ? 'came back' : 'is new'}`
    case 'register':
      return 'register a new subscription'
    case 'unregister':
      return `gone     a subscription ended, code ${event.code}`
    case 'ack':
      return `ack      ${event.code}`
    case 'nack':
      return `nack     ${event.code}: the service worker failed`
    case 'disconnect':
      return 'bye      a browser disconnected'
    case 'delivery':
    case 'scripted':
    case 'withdraw':
      return undefined
  }
}

function jsonLine(event: PushServiceEvent): string | undefined {
  const { type } = event
  switch (type) {
    case 'push':
      return JSON.stringify({
        type,
        bytes: event.body.length,
        ttl: event.ttl,
        urgency: event.urgency,
      })
    case 'refused':
      return JSON.stringify({ type, status: event.status, errno: event.errno })
    case 'ack':
    case 'nack':
    case 'unregister':
      return JSON.stringify({ type, code: event.code })
    case 'hello':
      return JSON.stringify({ type, known: event.known })
    case 'register':
    case 'disconnect':
      return JSON.stringify({ type })
    case 'delivery':
    case 'scripted':
    case 'withdraw':
      return undefined
  }
}
