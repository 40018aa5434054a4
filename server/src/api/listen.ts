import type { App } from './app.ts'

const reasons = {
  EADDRINUSE: [
    'PORT_IN_USE',
    'is taken by another program. Stop that one, or set PORT to a free port; PORT=0 takes any.',
  ],
  EACCES: ['PORT_FORBIDDEN', 'may not be opened by this user. Set PORT to 1024 or above.'],
  EADDRNOTAVAIL: ['HOST_UNKNOWN', 'is no address of this machine. Set HOST to one, or to 0.0.0.0.'],
  ENOTFOUND: ['HOST_UNKNOWN', 'cannot be resolved. Set HOST to an address of this machine.'],
} as const

type Reason = keyof typeof reasons

/** The address of PORT and HOST cannot be opened. The message says what to set. */
export class ListenError extends Error {
  readonly code: (typeof reasons)[Reason][0]

  constructor(reason: Reason, address: string, options: ErrorOptions) {
    const [code, sentence] = reasons[reason]
    super(`${address} ${sentence}`, options)
    this.name = 'ListenError'
    this.code = code
  }
}

/** Opens the port. @throws ListenError, or what else the system said. */
export async function listen(app: App, to: { port: number; host: string }): Promise<void> {
  try {
    await app.listen(to)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (isReason(code)) throw new ListenError(code, `${to.host}:${to.port}`, { cause })
    throw cause
  }
}

function isReason(code: unknown): code is Reason {
  return typeof code === 'string' && Object.hasOwn(reasons, code)
}
