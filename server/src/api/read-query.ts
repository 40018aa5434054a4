/**
 * The query of an address. An empty parameter (`?before=&limit=`) counts as left out; of a repeated
 * one the last counts.
 */
export function readQuery(text: string): Record<string, string> {
  return Object.fromEntries([...new URLSearchParams(text)].filter(([, value]) => value !== ''))
}
