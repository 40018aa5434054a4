import type { ClaimAnswer, Delivery, DeliveryKey, Settlement } from '../../src/delivery/delivery.ts'
import type { DeliveryStore } from '../../src/store/port.ts'

/** The ledger in memory, with the rules of the port. `rows` is what is on record. */
export interface FakeLedger extends Pick<
  DeliveryStore,
  'claim' | 'settle' | 'refute' | 'suppress' | 'byId' | 'byIds' | 'ofEvent' | 'receipt'
> {
  readonly rows: Map<string, Delivery>
}

export function fakeLedger(): FakeLedger {
  const rows = new Map<string, Delivery>()

  function put(key: DeliveryKey, change: Partial<Delivery>): void {
    const before = rows.get(key.id) ?? { ...emptyRow, ...key }
    rows.set(key.id, { ...before, ...change })
  }
  const mayTake = (row: Delivery, nowMs: number) =>
    (row.state === 'claimed' && row.leaseUntilMs <= nowMs) ||
    (row.state === 'retry' && (row.nextAttemptAtMs ?? 0) <= nowMs)

  return {
    rows,
    async claim(key, { nowMs, leaseMs }): Promise<ClaimAnswer> {
      const row = rows.get(key.id)
      const attempts = (row?.attempts ?? 0) + 1
      if (row === undefined || mayTake(row, nowMs)) {
        put(key, { state: 'claimed', attempts, leaseUntilMs: nowMs + leaseMs })
        return { kind: 'claimed', attempt: attempts }
      }
      if (row.state === 'claimed') return { kind: 'busy', untilMs: row.leaseUntilMs }
      if (row.state === 'retry') return { kind: 'waiting', untilMs: row.nextAttemptAtMs ?? nowMs }
      return { kind: 'settled', state: row.state }
    },
    async settle(id: string, settlement: Settlement, nowMs: number) {
      const row = rows.get(id)
      if (row?.state !== 'claimed' && row?.state !== 'retry') return false
      const { state, reason = null, status = null, location = null } = settlement
      const nextAttemptAtMs = state === 'retry' ? (settlement.nextAttemptAtMs ?? nowMs) : null
      const settledAtMs = state === 'retry' ? null : nowMs
      put(row, { state, reason, status, location, nextAttemptAtMs, settledAtMs, leaseUntilMs: 0 })
      return true
    },
    async refute(id, { state, reason }, nowMs) {
      const row = rows.get(id)
      if (row?.state === 'accepted') put(row, { state, reason, settledAtMs: nowMs })
    },
    async suppress(key, reason, nowMs) {
      const row = rows.get(key.id)
      const open = row?.state === 'retry' || (row !== undefined && mayTake(row, nowMs))
      if (row === undefined || open) put(key, { state: 'suppressed', reason, settledAtMs: nowMs })
    },
    async receipt(id, event, nowMs) {
      const row = rows.get(id)
      const mark = `${event}AtMs` as const
      if (row === undefined || row[mark] !== null) return false
      put(row, { [mark]: nowMs })
      return true
    },
    byId: async (id) => rows.get(id) ?? null,
    byIds: async (ids) => ids.flatMap((id) => rows.get(id) ?? []),
    ofEvent: async (eventId) => [...rows.values()].filter((row) => row.eventId === eventId),
  }
}

const emptyRow = {
  state: 'claimed',
  attempts: 0,
  leaseUntilMs: 0,
  nextAttemptAtMs: null,
  reason: null,
  status: null,
  location: null,
  createdAtMs: 0,
  settledAtMs: null,
  shownAtMs: null,
  clickedAtMs: null,
  dismissedAtMs: null,
} as const
