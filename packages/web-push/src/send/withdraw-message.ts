import type { Transport } from './transport.ts'

/**
 * Deletes one stored message. Mozilla needs no authorization for it, and answers 204 also for
 * one that was delivered.
 *
 * @returns True when the service answered 2xx, or no longer has it.
 */
export async function withdrawMessage(
  transport: Transport,
  url: URL,
  signal: AbortSignal,
): Promise<boolean> {
  const result = await transport.request({
    url,
    method: 'DELETE',
    headers: {},
    body: null,
    isUrgent: false,
    signal,
  })
  if (result.kind === 'failure') return false
  const { status } = result
  return (status >= 200 && status < 300) || status === 404 || status === 410
}
