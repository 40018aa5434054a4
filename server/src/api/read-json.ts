import type { App } from './app.ts'
import { ProblemError } from './problem.ts'

/**
 * Bodies are JSON and nothing else: a text/plain body, which a foreign page could send without asking
 * first, is 415. No body at all is an empty object: `POST …/accept` needs nothing.
 *
 * Bytes that are not UTF-8 (RFC 8259 §8.1) and half a surrogate pair (RFC 7493 §2.1) are refused: neither
 * can be stored, so that what was written and what is read would differ. `__proto__` and `constructor.prototype` are refused too.
 */
export function readJson(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const text = typeof body === 'string' ? body : decode(utf8, body)
    if (text === null) {
      done(new ProblemError('INVALID_JSON', { detail: 'The body is not UTF-8.' }))
      return
    }
    if (text.trim() === '') {
      done(null, {})
      return
    }
    void parse(request, text, (error, value) => {
      if (error === null && mayHoldHalves.test(text) && holdsHalves(value)) {
        done(
          new ProblemError('INVALID_JSON', { detail: 'A string holds half of a surrogate pair.' }),
        )
      } else done(error, value)
    })
  })
  app.addHook('preValidation', async (request) => {
    if (request.body === undefined && request.method !== 'GET') request.body = {}
  })
}

/** Null: not what the decoder reads. */
function decode(decoder: TextDecoder, bytes: Buffer): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    return null // A fatal decoder has nothing else to throw at bytes.
  }
}

/** A half can only come as an escape: decoding UTF-8 never gives one. */
const mayHoldHalves = /\\u[dD][89a-fA-F]/

/** Without recursion: a body may be 30,000 levels deep. */
function holdsHalves(value: unknown): boolean {
  const left = [value]
  while (left.length > 0) {
    const each = left.pop()
    if (typeof each === 'string') {
      if (!each.isWellFormed()) return true
    } else if (typeof each === 'object' && each !== null) {
      for (const [key, inner] of Object.entries(each)) left.push(key, inner)
    }
  }
  return false
}
