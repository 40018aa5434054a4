/** What a process does. One process with every role serves a team. */
export const roles = ['api', 'web-push', 'expo-push'] as const
export type Role = (typeof roles)[number]

/** Named, but built later. */
export const laterRoles = ['missed-call'] as const
