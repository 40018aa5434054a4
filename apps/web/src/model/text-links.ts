/** A piece of a message: plain, or an address that a click opens. */
export interface TextPart {
  readonly text: string
  /** An absolute http(s) or mailto address; null for plain text. */
  readonly href: string | null
}

/** `https://…`, `www.…`, a bare host with a path or a well-known ending, or an e-mail address. */
const pattern =
  /(?:https?:\/\/|www\.)[^\s<>"“”«»]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w@./-])(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+(?:com|org|net|dev|io|app|de|fr|eu|uk|example)(?:\/[^\s<>"“”«»]*)?(?![\w-])/giu

/** Finds the addresses in a text. Nothing but http, https and mailto ever becomes a link. */
export function textParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = []
  let end = 0
  for (const match of text.matchAll(pattern)) {
    const address = withoutTail(match[0])
    const href = hrefOf(address)
    if (href === null) continue
    if (match.index > end) parts.push({ text: text.slice(end, match.index), href: null })
    parts.push({ text: address, href })
    end = match.index + address.length
  }
  if (end < text.length) parts.push({ text: text.slice(end), href: null })
  return parts
}

/** The full stop ends the sentence, not the address; so does a bracket that was opened before it. */
function withoutTail(address: string): string {
  const trimmed = address.replace(/[.,;:!?'…]+$/u, '')
  const isBracketed = trimmed.endsWith(')') && !trimmed.includes('(')
  return isBracketed ? withoutTail(trimmed.slice(0, -1)) : trimmed
}

function hrefOf(address: string): string | null {
  if (/^[^/]+@/.test(address)) return `mailto:${address}`
  const candidate = /^https?:\/\//i.test(address) ? address : `https://${address}`
  return URL.canParse(candidate) ? new URL(candidate).href : null
}
