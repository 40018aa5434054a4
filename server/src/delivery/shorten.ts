const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/**
 * The longest beginning of `text` that fits, cut between whole characters as people see them, with an
 * ellipsis when something was cut. `fits` must be monotone.
 */
export function shorten(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text
  const ends: number[] = []
  for (const { index } of segmenter.segment(text)) ends.push(index)
  let least = 0
  let most = ends.length - 1
  while (least < most) {
    const middle = Math.ceil((least + most) / 2)
    if (fits(`${text.slice(0, ends[middle])}…`)) least = middle
    else most = middle - 1
  }
  return least === 0 ? '' : `${text.slice(0, ends[least]).trimEnd()}…`
}

/** The longest beginning of `text` whose JSON takes at most `mostBytes`. */
export function shortenJson(text: string, mostBytes: number): string {
  return shorten(
    // A character takes at least one byte.
    text.slice(0, mostBytes).toWellFormed(),
    (shorter) => Buffer.byteLength(JSON.stringify(shorter)) <= mostBytes,
  )
}
