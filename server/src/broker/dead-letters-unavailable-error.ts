/** What is dead cannot be looked at or handed back now. Nothing is lost by it; asking again is safe. */
export class DeadLettersUnavailableError extends Error {
  readonly code = 'BROKER_UNAVAILABLE'

  constructor(doing: string, cause: unknown) {
    super(`The broker could not ${doing}: ${inWords(cause)}. Nothing is lost; ask again.`, {
      cause,
    })
    this.name = 'DeadLettersUnavailableError'
  }
}

/** Node's error for a host with several addresses has no message of its own. */
function inWords(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const code = 'code' in cause ? String(cause.code) : cause.name
  return cause.message === '' ? code : cause.message.replace(/\.$/, '')
}
