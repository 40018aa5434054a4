/** Wider cells push the rest of their line aside, instead of every line. */
const widestColumn = 60

/** Lines of text, in columns as wide as their widest cell. */
export function table(
  heads: readonly string[],
  rows: ReadonlyArray<readonly string[]>,
): readonly string[] {
  const lines = [heads, ...rows]
  const widths = heads.map((_, column) =>
    Math.min(widestColumn, Math.max(...lines.map((cells) => cells[column]?.length ?? 0))),
  )
  return lines.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
