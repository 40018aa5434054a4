/** Fields that must never be printed, should a mistake ever log one. */
const secretFields = new Set([
  'authorization',
  'endpoint',
  'p256dh',
  'auth',
  'token',
  'text',
  'password',
  'receipt',
])

type Fields = Readonly<Record<string, unknown>>

/** What is logged beside the words, with the secrets in it, and in what it holds, hidden. */
export function hideSecrets(fields: Fields): Fields {
  const shown: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    shown[name] = secretFields.has(name) ? '[hidden]' : isFields(value) ? hideInside(value) : value
  }
  return shown
}

/** Only where there is one: most of what is logged holds none, and is not copied. */
function hideInside(value: Fields): Fields {
  const names = Object.keys(value)
  if (!names.some((name) => secretFields.has(name))) return value
  return Object.fromEntries(
    names.map((name) => [name, secretFields.has(name) ? '[hidden]' : value[name]]),
  )
}

/** An error is not: it has a serializer of its own, whose result comes here. */
function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !(value instanceof Error)
}
