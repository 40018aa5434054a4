import { randomUUID } from 'node:crypto'

/** What a person types to register. */
export interface Account {
  readonly displayName: string
  readonly username: string
  readonly password: string
}

/** Somebody of that name whom nobody has met before, on a server that other tests use too. */
export function newAccount(displayName: string): Account {
  const [handle = ''] = displayName.toLowerCase().split(' ')
  return {
    displayName,
    username: `${handle}-${randomUUID().slice(0, 8)}`,
    password: 'correct horse battery',
  }
}
