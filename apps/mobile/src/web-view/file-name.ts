const longest = 120

/** A name that a page gave, as one that is safe in a folder: no path, no hidden file, not empty. */
export function fileName(given: string): string {
  const last = given.split(/[/\\]/).at(-1) ?? ''
  // Letters, marks, digits, and what commonly stands in names. Right-to-left overrides are none of them.
  const clean = last
    .replaceAll(/[^\p{L}\p{M}\p{N} ._()+-]/gu, '_')
    .replace(/^[.\s]+/, '')
    .trim()
  if (clean.length <= longest) return clean === '' ? 'file' : clean
  const ending = /\.[^.]{1,10}$/.exec(clean)?.[0] ?? ''
  return clean.slice(0, longest - ending.length) + ending
}
