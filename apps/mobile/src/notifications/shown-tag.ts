/**
 * The tag of a notification that stands on this phone. Those that Android drew by itself bear
 * `expo-notifications://foreign_notifications?tag=…&id=…` for an identifier, ours the tag itself.
 */
export function shownTag(identifier: string): string {
  const foreign = 'expo-notifications://foreign_notifications?'
  if (!identifier.startsWith(foreign)) return identifier
  return new URLSearchParams(identifier.slice(foreign.length)).get('tag') ?? identifier
}
