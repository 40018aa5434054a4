/** AMQP 0-9-1 reply codes that we tell apart. */
export const replyCodes = {
  accessRefused: 403,
  notFound: 404,
  preconditionFailed: 406,
  internalError: 541,
} as const

/** The reply code with which RabbitMQ closed a channel or connection; null when the cause is another one. */
export function replyCodeOf(cause: unknown): number | null {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return null
  return typeof cause.code === 'number' ? cause.code : null
}
