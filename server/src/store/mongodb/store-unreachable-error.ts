import { MongoServerError, MongoServerSelectionError } from 'mongodb'

/** What `MONGODB_URL` names. */
export interface MongoPlace {
  /** `host:port` of each; of `mongodb+srv:` the name that is looked up. */
  readonly hosts: readonly string[]
  /** Null: it logs in as nobody. */
  readonly user: string | null
  readonly database: string
  readonly replicaSet: string | null
}

/** MongoDB cannot be used at the start. Nothing was opened; whoever started the program may start it again. */
export class StoreUnreachableError extends Error {
  readonly code = 'STORE_UNREACHABLE'

  constructor(place: MongoPlace, cause: unknown) {
    const { why, what } = diagnose(cause, place)
    const where = place.hosts.join(', ')
    super(`MongoDB at ${where} (MONGODB_URL) cannot be used: ${why}. ${what}, and start again.`, {
      cause,
    })
    this.name = 'StoreUnreachableError'
  }
}

interface Diagnosis {
  readonly why: string
  /** What to do; a sentence without its end. */
  readonly what: string
}

const startIt = 'Start MongoDB, or correct MONGODB_URL'

function diagnose(cause: unknown, place: MongoPlace): Diagnosis {
  if (cause instanceof MongoServerSelectionError) return unselected(cause, place)
  if (cause instanceof MongoServerError) return refused(cause, place)
  return unconnected(cause)
}

/** No server that takes writes was found; the driver keeps what it learned of each that it looked at. */
function unselected(cause: MongoServerSelectionError, place: MongoPlace): Diagnosis {
  const seen = [...(cause.reason?.servers.values() ?? [])]
  const failure = seen.find(({ error }) => error !== null)?.error
  if (failure != null) return unconnected(failure)
  const { replicaSet } = place
  if (replicaSet !== null && seen.length === 0)
    return {
      why: `the server there is no member of the replica set "${replicaSet}" that it names`,
      what: 'Correct replicaSet in MONGODB_URL, or take it away when the server is a single one',
    }
  if (seen.some(({ type }) => type.startsWith('RS')))
    return {
      why: 'no primary: the replica set has elected none that takes writes',
      what: 'Look at rs.status() in mongosh, bring back a majority of its members',
    }
  return { why: 'nobody answers there', what: startIt }
}

/** AuthenticationFailed. */
const loginRefused = 18
/** Unauthorized. */
const notAllowed = 13

function refused(cause: MongoServerError, { user, database }: MongoPlace): Diagnosis {
  const who = user === null ? 'nobody, as MONGODB_URL names no user' : `"${user}"`
  if (cause.code === loginRefused)
    return {
      why: `the login as ${who} is refused: there is no such user with that password in that authSource`,
      what:
        'Correct user, password and authSource in MONGODB_URL, ' +
        'or make the user (db.createUser in mongosh)',
    }
  if (cause.code === notAllowed)
    return {
      why: `whoever logs in as ${who} may not write to the database "${database}"`,
      what: `Give that user readWrite on "${database}" (db.grantRolesToUser in mongosh), or correct MONGODB_URL`,
    }
  return { why: `it answers "${cause.message}"`, what: 'Mend that, or correct MONGODB_URL' }
}

/** By the codes of Node's sockets and of its resolver. */
const socketCauses: Readonly<Record<string, Diagnosis>> = {
  ECONNREFUSED: { why: 'nobody listens there (ECONNREFUSED)', what: startIt },
  ENOTFOUND: {
    why: 'the name of the host is not known (ENOTFOUND)',
    what: 'Correct the host in MONGODB_URL, or its name server',
  },
  EAI_AGAIN: {
    why: 'the name of the host cannot be looked up now (EAI_AGAIN)',
    what: 'Look at the name server of this machine, or correct MONGODB_URL',
  },
  EHOSTUNREACH: {
    why: 'no way leads there (EHOSTUNREACH)',
    what: 'Look at the network between, or correct MONGODB_URL',
  },
  ECONNRESET: {
    why: 'whoever listens there hangs up (ECONNRESET)',
    what: 'See whether it is MongoDB, and whether it and MONGODB_URL agree about tls',
  },
}

/** A socket's error is the cause of the driver's, or passed on as it is. */
function unconnected(failure: unknown): Diagnosis {
  for (let error = failure; error instanceof Error; error = error.cause) {
    const known = 'code' in error && typeof error.code === 'string' ? error.code : ''
    const diagnosis = socketCauses[known]
    if (diagnosis !== undefined) return diagnosis
  }
  const words = failure instanceof Error ? failure.message : String(failure)
  return { why: words.replace(/\.$/, ''), what: startIt }
}
