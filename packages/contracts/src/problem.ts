import * as z from 'zod'

/** `application/problem+json` (RFC 9457), with a `code` that programs may rely on. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  /** What was wrong where, for 400 and 422: a JSON path and a sentence each. */
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** With 409 on a call: what the call is now. */
  state: z.string().optional(),
})
export type Problem = z.infer<typeof problem>
