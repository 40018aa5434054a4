/**
 * Text made equal without regard to case, for names that are stored beside their written form. Adapters MUST
 * use this one and no collation of an engine: those differ.
 *
 * Upper case first, so that ß meets SS; one sigma, because the final one depends on what follows.
 */
export function foldCase(value: string): string {
  return value.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('ς', 'σ').trim()
}

/** Every ending of a folded name that begins at a word: a search is a prefix of one of them. */
export function wordEndings(folded: string): string[] {
  const starts = folded.matchAll(/[\p{L}\p{N}\p{M}]+/gu)
  return [...new Set([folded, ...Array.from(starts, (match) => folded.slice(match.index))])]
}
