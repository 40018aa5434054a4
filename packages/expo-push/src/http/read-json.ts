/**
 * More is never read. A hundred error tickets with long messages are below 100 kB, three hundred
 * receipts below 300 kB; 64 KiB would cut both, and a cut answer leaves a hundred pushes in doubt.
 */
const MOST_READ = 1024 * 1024

/**
 * The JSON of an answer that needs reading: 2xx, and 4xx but 429. Of all others the status says
 * enough, and nobody waits for a body that may never end.
 *
 * @returns undefined when it is too long, breaks off or is no JSON.
 */
export async function readJson(response: Response): Promise<unknown> {
  const { status, body } = response
  const isNeeded = (status >= 200 && status < 300) || (status >= 400 && status < 500)
  if (!isNeeded || status === 429) {
    // Not waited for, and the connection may be gone already: nothing is left to save.
    body?.cancel().catch(() => undefined)
    return undefined
  }
  try {
    return JSON.parse(await readText(body))
  } catch {
    // The status is known and counts; what the body would have said is not.
    return undefined
  }
}

async function readText(body: Response['body']): Promise<string> {
  if (!body) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    // Leaving the loop cancels the stream.
    if (size > MOST_READ) return ''
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
