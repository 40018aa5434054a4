import type { Me, User } from '@belfry/contracts'
import type { Person } from './person.ts'

/** A person as others see them. */
export function userView(person: Person): User {
  return { id: person.id, username: person.username ?? person.id, displayName: person.displayName }
}

/** A person as they see themselves. */
export function meView(person: Person): Me {
  return { ...userView(person), email: person.email, phone: person.phone, locale: person.locale }
}
