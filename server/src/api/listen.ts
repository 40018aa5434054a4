import type { App } from './app.ts'

/** What the reader sets to choose the address: settings of `belfry start`, or flags of another command. */
export interface AddressNames {
  readonly port: string
  readonly anyPort: string
  readonly host: string
}

const settingNames: AddressNames = { port: 'PORT', anyPort: 'PORT=0', host: 'HOST' }

type Sentence = (names: AddressNames) => string

const taken: Sentence = ({ port, anyPort }) =>
  `is taken by another program. Stop that one, or set ${port} to a free port; ${anyPort} takes any.`
const forbidden: Sentence = ({ port }) =>
  `may not be opened by this user. Set ${port} to 1024 or above.`
const foreign: Sentence = ({ host }) =>
  `is no address of this machine. Set ${host} to one, or to 0.0.0.0.`
const unresolved: Sentence = ({ host }) =>
  `cannot be resolved. Set ${host} to an address of this machine.`

const reasons = {
  EADDRINUSE: ['PORT_IN_USE', taken],
  EACCES: ['PORT_FORBIDDEN', forbidden],
  EADDRNOTAVAIL: ['HOST_UNKNOWN', foreign],
  ENOTFOUND: ['HOST_UNKNOWN', unresolved],
  EAI_AGAIN: ['HOST_UNKNOWN', unresolved],
} as const

type Reason = keyof typeof reasons

interface Address {
  readonly port: number
  readonly host: string
}

/** The address of PORT and HOST cannot be opened. The message says what to set. */
export class ListenError extends Error {
  readonly code: (typeof reasons)[Reason][0]

  constructor(
    reason: Reason,
    { port, host }: Address,
    { names, cause }: { names: AddressNames; cause: unknown },
  ) {
    const [code, sentence] = reasons[reason]
    super(`${host}:${port} ${sentence(names)}`, { cause })
    this.name = 'ListenError'
    this.code = code
  }
}

/** Opens the port. @throws ListenError, or what else the system said. */
export async function listen(app: App, to: Address): Promise<void> {
  try {
    await app.listen(to)
  } catch (cause) {
    throw listenFailure(cause, to)
  }
}

/** A `ListenError` for what Node says of an address that it cannot open; anything else as it is. */
export function listenFailure(
  cause: unknown,
  to: Address,
  names: AddressNames = settingNames,
): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return isReason(code) ? new ListenError(code, to, { names, cause }) : cause
}

function isReason(code: unknown): code is Reason {
  return typeof code === 'string' && Object.hasOwn(reasons, code)
}
