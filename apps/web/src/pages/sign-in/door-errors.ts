import type { Problem } from '@belfry/contracts'
import { unreachableCode } from '../../model/request.ts'

export type DoorField = 'username' | 'password' | 'displayName'

/** What is wrong, by field; `form` when it concerns no field. */
export type DoorErrors = { readonly [field in DoorField | 'form']?: string }

/** Why signing in did not work, in words, each at its place. */
export function signInErrors(problem: Problem): DoorErrors {
  if (problem.status === 401) return { password: 'Username and password do not match.' }
  return commonErrors(problem)
}

/** Why registering did not work. */
export function registerErrors(problem: Problem): DoorErrors {
  if (problem.status === 409) return { username: 'This username is taken.' }
  const errors: Record<string, string> = {}
  for (const { path, message } of problem.errors ?? []) {
    const field = fieldAt(path)
    if (field !== null) errors[field] ??= sentence(message)
  }
  return Object.keys(errors).length > 0 ? errors : commonErrors(problem)
}

/** What a person can mend before anything is sent. */
export function registerMistakes(username: string, password: string): DoorErrors | null {
  const errors: { username?: string; password?: string } = {}
  const name = username.trim()
  if (name.length < 2) errors.username = 'Choose a name of at least 2 characters.'
  else if (!/^[\p{L}\p{N}._@+-]+$/u.test(name)) {
    errors.username = 'Letters, digits and . _ @ + - only, no spaces.'
  }
  if (password.length < 8) errors.password = 'Choose a password of at least 8 characters.'
  return Object.keys(errors).length > 0 ? errors : null
}

function commonErrors({ status, code }: Problem): DoorErrors {
  if (code === unreachableCode) return { form: 'The server did not answer. Try again.' }
  if (status === 429) return { form: 'Too many attempts. Wait a minute, then try again.' }
  return { form: 'The server could not do this now. Try again.' }
}

/** From a JSON path (`/username`, `body.username`) to the field it names. */
function fieldAt(path: string): DoorField | null {
  const fields = ['username', 'password', 'displayName'] as const
  return fields.find((field) => path.split(/[./]/).includes(field)) ?? null
}

function sentence(message: string): string {
  const begun = message.charAt(0).toUpperCase() + message.slice(1)
  return begun.endsWith('.') ? begun : `${begun}.`
}
