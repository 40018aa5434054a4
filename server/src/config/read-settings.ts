import { accessCure } from './access-cure.ts'

/** Settings that may come from a file, `NAME_FILE`, as containers and systemd give secrets. */
export const secretNames: ReadonlySet<string> = new Set([
  'VAPID_PRIVATE_KEY',
  'VAPID_PREVIOUS_KEYS',
  'JWT_SECRET',
  'MONGODB_URL',
  'RABBITMQ_URL',
  'EXPO_ACCESS_TOKEN',
])

/** The settings as text, and what is wrong with where they come from. An empty one counts as not given. */
export function readSettings(
  names: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): { settings: Record<string, string>; problems: string[] } {
  const settings: Record<string, string> = {}
  const problems: string[] = []
  for (const name of names) {
    const value = environment[name]
    const path = secretNames.has(name) ? environment[`${name}_FILE`] : undefined
    if (isGiven(value) && isGiven(path)) {
      problems.push(`${name}: is given twice, by ${name} and ${name}_FILE; remove one`)
    } else if (isGiven(value)) {
      settings[name] = value.trim()
    } else if (isGiven(path)) {
      try {
        settings[name] = readFile(path).trim()
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause)
        const cure = accessCure({ path, kind: 'file', cause })
        problems.push(
          `${name}_FILE: cannot read ${path} (${why})${cure === null ? '' : `. ${cure}`}`,
        )
      }
    }
  }
  return { settings, problems }
}

export function isGiven(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== ''
}
