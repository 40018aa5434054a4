import type { Call as CallView, DomainEvent } from '@belfry/contracts'
import { startCall, stateAt, step, type CallInput, type Refusal, type Step } from '@belfry/ring'
import type { Relay } from '../outbox/relay.ts'
import type { Failpoint } from '../observability/failpoint.ts'
import type { Refused } from '../people/accounts.ts'
import type { Announce } from '../broker/announce.ts'
import type { CallStore } from '../store/port.ts'
import { toEvents } from './call-events.ts'
import { callView, type CallViewStore } from './call-view.ts'
import { createNewOnly } from './new-only.ts'
import { noteRingingTab, type RingingTabStore } from './ringing-tab.ts'
import type { StoredCall } from './stored-call.ts'

export type CallAnswer =
  | { readonly kind: 'call'; readonly call: CallView; readonly created: boolean }
  | Refusal
  | Refused<'UNKNOWN_CALLEE' | 'NO_CALLEES' | 'CALL_NOT_FOUND'>

/** Calls: the ring's state machine with a store, an outbox and open tabs around it. */
export interface Calls {
  start(
    callerId: string,
    input: {
      calleeIds: readonly string[]
      conversationId: string | null
      media: 'audio' | 'video'
    },
  ): Promise<CallAnswer>
  /** One input, decided by compare-and-set. `doneOn` names the device, so that it is not told what it did. */
  apply(sessionId: string, input: CallInput, doneOn?: string | null): Promise<CallAnswer>
  /** An open tab of a callee rings. */
  ringsOnTab(tab: { sessionId: string; userId: string; deviceId: string }): Promise<void>
  /** For participants only. */
  find(userId: string, sessionId: string): Promise<CallView | null>
  ofUser(userId: string, state: string | null): Promise<CallView[]>
  /** Tells the caller, and the callees, what the call is now; not what they were told last. */
  announce(stored: StoredCall): Promise<CallView>
}

export interface CallsOptions {
  readonly store: CallViewStore &
    RingingTabStore & {
      readonly calls: Pick<CallStore, 'byId' | 'insert' | 'compareAndSet' | 'ofUser'>
    }
  readonly relay: Pick<Relay, 'hand'>
  readonly announce: Announce
  readonly now: () => number
  readonly newId: () => string
  readonly ringTimeoutMs: number
  readonly failpoint: Failpoint
  /** Told when a new call rings, so that the ring timer looks again. */
  readonly onRinging: (expiresAtMs: number) => void
}

/** Two processes may step the same call; each loss means that the other made progress. */
const mostRaces = 20
const mostListed = 100

/** The options, and what this process remembers. */
interface Context extends CallsOptions {
  readonly isNew: (view: CallView) => boolean
}

export function createCalls(given: CallsOptions): Calls {
  const options: Context = { ...given, isNew: createNewOnly() }
  const { store, now } = options
  return {
    start: (callerId, input) => start(options, callerId, input),
    apply: (sessionId, input, doneOn = null) => apply(options, sessionId, { input, doneOn }),
    async ringsOnTab(tab) {
      if (!(await noteRingingTab(store, tab, now()))) return
      const stored = await store.calls.byId(tab.sessionId)
      if (stored !== null) await announce(options, stored)
    },
    async find(userId, sessionId) {
      const stored = await store.calls.byId(sessionId)
      if (stored === null || !takesPart(stored, userId)) return null
      return callView(store, stored, now())
    },
    async ofUser(userId, state) {
      const stored = await store.calls.ofUser(userId, { state, limit: mostListed })
      return Promise.all(stored.map((each) => callView(store, each, now())))
    },
    announce: (stored) => announce(options, stored),
  }
}

async function start(
  options: Context,
  callerId: string,
  input: Parameters<Calls['start']>[1],
): Promise<CallAnswer> {
  const { store, now, failpoint } = options
  const people = await store.people.byIds([callerId, ...input.calleeIds])
  const known = new Map(people.map((person) => [person.id, person]))
  if (input.calleeIds.some((id) => !known.has(id)))
    return { kind: 'refused', code: 'UNKNOWN_CALLEE' }
  const { ringTimeoutMs } = options
  const started = startCall({
    sessionId: options.newId(),
    callerId,
    ...input,
    atMs: now(),
    ringTimeoutMs,
  })
  if (started.kind === 'refused') return started
  const callerName = known.get(callerId)?.displayName ?? callerId
  const calleeIds = started.call.callees.map((callee) => callee.id)
  const openKey = JSON.stringify([callerId, ...calleeIds.toSorted()])
  const events = toEvents(started.effects, { call: started.call, callerName, doneOn: null })
  await failpoint('accept.pre')
  const answer = await store.calls.insert({ call: started.call, callerName, openKey }, events)
  await failpoint('accept.post')
  if (!answer.created && stateAt(answer.call.call, now()) !== 'ringing') {
    // Its ring has run out, and the timer has not looked yet: that call ends here, and the new one begins.
    const { sessionId } = answer.call.call
    await apply(options, sessionId, { input: { type: 'timeout', atMs: now() }, doneOn: null })
    return start(options, callerId, input)
  }
  if (answer.created) {
    handOver(options, answer.call, events)
    options.onRinging(answer.call.call.ringExpiresAtMs)
  }
  const view = await callView(store, answer.call, now())
  if (answer.created) options.announce(calleeIds, 'call.ringing', view)
  return { kind: 'call', call: view, created: answer.created }
}

async function apply(
  options: Context,
  sessionId: string,
  { input, doneOn }: { input: CallInput; doneOn: string | null },
): Promise<CallAnswer> {
  const { store, now } = options
  for (let race = 0; race < mostRaces; race += 1) {
    const stored = await store.calls.byId(sessionId)
    if (stored === null) return { kind: 'refused', code: 'CALL_NOT_FOUND' }
    const outcome = step(stored.call, input)
    if (outcome.kind === 'refused') return outcome
    const call =
      outcome.call === stored.call
        ? await callView(store, stored, now())
        : await write(options, stored, { outcome, doneOn })
    if (call !== null) return { kind: 'call', call, created: false }
  }
  throw new CallContendedError(sessionId)
}

/** Null: another process was first. */
async function write(
  options: Context,
  stored: StoredCall,
  { outcome, doneOn }: { outcome: Step; doneOn: string | null },
): Promise<CallView | null> {
  const next = { ...stored, call: outcome.call }
  const { call, callerName } = next
  const events = toEvents(outcome.effects, { call, callerName, doneOn })
  await options.failpoint('accept.pre')
  if (!(await options.store.calls.compareAndSet(next, events))) return null
  await options.failpoint('accept.post')
  handOver(options, next, events)
  return announce(options, next)
}

function handOver(options: CallsOptions, stored: StoredCall, events: readonly DomainEvent[]): void {
  const { sessionId } = stored.call
  options.relay.hand(events.map((event) => ({ source: 'call', sourceId: sessionId, event })))
}

async function announce(options: Context, stored: StoredCall): Promise<CallView> {
  const view = await callView(options.store, stored, options.now())
  if (options.isNew(view))
    options.announce([stored.call.callerId, ...view.calleeIds], 'call.updated', view)
  return view
}

/** Lost every race for one call: the caller may ask again. HTTP 503. */
export class CallContendedError extends Error {
  readonly code = 'CALL_CONTENDED'
  constructor(sessionId: string) {
    super(`Call ${sessionId} changed ${mostRaces} times while it was being changed. Ask again.`)
    this.name = 'CallContendedError'
  }
}

function takesPart(stored: StoredCall, userId: string): boolean {
  return (
    stored.call.callerId === userId || stored.call.callees.some((callee) => callee.id === userId)
  )
}
