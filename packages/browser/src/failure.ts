/** Why a browser is not registered, each with a sentence for people: what happened, and what to do. */
const sentences = {
  unsupported:
    'This browser cannot receive notifications. Use a current Firefox, Chrome, Edge or Safari.',
  insecure: 'Notifications need a secure address. Open this app over https.',
  private_window:
    'The browser refused without asking, as it does in private windows. Open this app in a normal window.',
  needs_install:
    'On iPhone and iPad, add this app to the Home Screen first, and open it from there.',
  permission_denied:
    'Notifications are blocked for this site. Allow them in the browser’s settings for this site.',
  permission_dismissed:
    'The browser’s question was closed without an answer. Try again and choose Allow.',
  worker_failed:
    'The part of this app that works in the background could not be installed. Reload the page and try again.',
  worker_timeout:
    'The part of this app that works in the background did not start. Reload the page and try again.',
  subscribe_timeout:
    'The browser’s push service did not answer. Check the connection, or a firewall in between, and try again.',
  push_service_unreachable:
    'The browser could not reach its push service. Check the connection, or a firewall in between, and try again.',
  push_service_off:
    'Brave’s push service is turned off. In Settings, Privacy and security, turn on “Use Google services for push messaging”, restart Brave and try again.',
  subscribe_failed: 'The browser refused to register for notifications.',
  server_key_invalid: 'The server’s key is not valid. Tell whoever runs this server.',
  server_unreachable: 'The server cannot be reached. Check the connection and try again.',
  server_refused: 'The server did not accept this browser.',
  signed_out: 'You are signed out. Sign in and try again.',
} as const

export type FailureCode = keyof typeof sentences

export interface Failure {
  readonly code: FailureCode
  /** What happened and what to do, in plain words. */
  readonly sentence: string
  /** What the browser or the server said, for those who debug. */
  readonly detail?: string
  /** HTTP status, with `server_refused`. */
  readonly status?: number
}

export function failure(
  code: FailureCode,
  facts: Pick<Failure, 'detail' | 'status'> = {},
): Failure {
  return { code, sentence: sentences[code], ...facts }
}
