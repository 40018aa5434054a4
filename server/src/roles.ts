/** What a process does. One process with every role serves a team. */
export const roles = ['api', 'web-push'] as const
export type Role = (typeof roles)[number]

/** Named, but built later. */
export const laterRoles = ['expo-push', 'missed-call'] as const
