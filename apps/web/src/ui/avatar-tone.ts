/** One of the eight tones of avatars, the same for an id wherever it is shown (FNV-1a). */
export function avatarTone(id: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < id.length; at += 1) {
    hash ^= id.charCodeAt(at)
    hash = Math.imul(hash, 0x01000193)
  }
  return ((hash >>> 0) % 8) + 1
}

/** Of a conversation of several: the first two letters of its name, so that it is not taken for a person. */
export function groupInitials(name: string): string {
  const [word = ''] = name.split(/[\s,]+/u).filter((each) => /[\p{L}\p{N}]/u.test(each))
  return initials(word)
}

/** First letters of the first and last word; of a single latin word its first two. A joined script gets one letter. */
export function initials(name: string): string {
  const words = name.split(/\s+/u).flatMap((word) => {
    const letters = word.match(/[\p{L}\p{N}]\p{M}*/gu) ?? []
    return letters.length === 0 ? [] : [letters]
  })
  const first = words[0]
  const last = words[words.length - 1]
  if (first === undefined || last === undefined) return '?'
  const [one = '?', two = ''] = first
  if (!/\p{Script=Latin}|\p{N}/u.test(one)) return one
  if (words.length === 1) return one.toLocaleUpperCase() + two
  return one.toLocaleUpperCase() + (last[0] ?? '').toLocaleUpperCase()
}
