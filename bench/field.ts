/** A message from another process, or JSON: nothing is known of it until it is read by these. */
function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).find(([key]) => key === name)?.[1]
}

export function numberIn(value: unknown, name: string): number {
  const found = field(value, name)
  if (typeof found === 'number') return found
  throw new Error(`Expected a number ${name}, got ${JSON.stringify(value)}`)
}

export function textIn(value: unknown, name: string): string {
  const found = field(value, name)
  if (typeof found === 'string') return found
  throw new Error(`Expected a text ${name}, got ${JSON.stringify(value)}`)
}

export function textsIn(value: unknown, name: string): string[] {
  const found = field(value, name)
  if (Array.isArray(found)) return found.filter((each) => typeof each === 'string')
  throw new Error(`Expected a list ${name}, got ${JSON.stringify(value)}`)
}
