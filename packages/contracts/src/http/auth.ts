import * as z from 'zod'
import { id } from '../id.ts'
import { line } from '../line.ts'
import { someVisible } from '../visible.ts'

const username = z
  .string()
  .trim()
  .min(2)
  .max(64)
  .regex(/^[\p{L}\p{N}._@+-]+$/u, 'may hold letters, digits and . _ @ + -')
  .regex(someVisible, 'must hold a character that can be seen')
const password = z.string().min(8).max(256)
export const displayName = line(80)
export const email = z.email().max(254)
export const phone = z.string().regex(/^\+[1-9]\d{6,14}$/, 'must look like +15551234567')

/** A language tag (BCP 47). */
export const locale = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'must be a language tag such as en or pt-BR')

export const registerBody = z.object({
  username,
  password,
  displayName: displayName.optional(),
  email: email.optional(),
  phone: phone.optional(),
})
export type RegisterBody = z.infer<typeof registerBody>

export const loginBody = z.object({
  username: z.string().trim().min(1).max(64),
  password: z.string().min(1).max(256),
})
export type LoginBody = z.infer<typeof loginBody>

export const logoutBody = z.object({ deviceId: id.optional() })
export type LogoutBody = z.infer<typeof logoutBody>

export const user = z.object({ id, username: z.string(), displayName: z.string() })
export type User = z.infer<typeof user>

export const session = z.object({ token: z.string(), user })
export type Session = z.infer<typeof session>

export const me = user.extend({
  email: z.string().nullable(),
  phone: z.string().nullable(),
  locale: z.string().nullable(),
})
export type Me = z.infer<typeof me>

export const updateMeBody = z.object({
  displayName: displayName.optional(),
  email: email.nullable().optional(),
  phone: phone.nullable().optional(),
  locale: locale.nullable().optional(),
})
export type UpdateMeBody = z.infer<typeof updateMeBody>

export const usersQuery = z.object({ query: z.string().max(64).default('') })
export const users = z.object({ users: z.array(user) })
export type Users = z.infer<typeof users>
