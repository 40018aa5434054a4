import type { DomainEvent } from '@belfry/contracts'
import type { Outcome } from '@belfry/web-push'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Broker } from '../../src/broker/port.ts'
import { sqliteBroker } from '../../src/broker/sqlite/sqlite-broker.ts'
import { callView } from '../../src/calls/call-view.ts'
import { createApplyOutcome } from '../../src/delivery/apply-outcome.ts'
import { createCallTombstones } from '../../src/delivery/call-tombstone.ts'
import { createCapabilities } from '../../src/delivery/capabilities.ts'
import { createDeliver } from '../../src/delivery/deliver.ts'
import { createFanOut } from '../../src/delivery/fan-out.ts'
import { createOriginGate } from '../../src/delivery/origin-gate.ts'
import {
  webPushChannel,
  type PushContent,
  type WebPushChannel,
} from '../../src/delivery/web-push-channel.ts'
import type { BrowserDevice } from '../../src/devices/device.ts'
import { noFailpoint } from '../../src/observability/failpoint.ts'
import { openSqliteFile } from '../../src/sqlite/open-sqlite-file.ts'
import type { Store } from '../../src/store/port.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { startWebPushNotificationWorker } from '../../src/workers/web-push/web-push-notification-worker.ts'
import { accepted, noSender, silentLog } from './delivery-lab.ts'
import { openLedger, type Ledger } from './ledger.ts'

/** The worker on the real embedded engines, fed by hand, with a channel that answers as told. */
export interface WorkerLab {
  readonly store: Store
  readonly broker: Broker
  readonly ledger: Ledger
  readonly sent: Array<{ device: BrowserDevice; content: PushContent }>
  /** Lines at level info. */
  readonly lines: string[]
  /** What the channel answers. 201 by default. */
  answer: (device: BrowserDevice) => Promise<Outcome>
  publish(event: DomainEvent, times?: number): Promise<void>
  /** Resolves once the queues are empty and every delivery is final. */
  quiet(): Promise<void>
}

export function workerLab(): WorkerLab {
  const dir = mkdtempSync(join(tmpdir(), 'belfry-worker-'))
  const file = openSqliteFile({ dir })
  const store = sqliteStore(file)
  const broker = sqliteBroker({ file, now: Date.now, log: silentLog })
  const ledger = openLedger(dir)
  const { devices, deliveries } = store
  const parts = { deliveries, devices, broker, now: Date.now, failpoint: noFailpoint }
  const gate = createOriginGate(Date.now)
  const lines: string[] = []
  const metrics = { count: () => {}, countSuppressed: () => {} }
  const lab: Omit<WorkerLab, 'quiet' | 'publish'> = {
    store,
    broker,
    ledger,
    sent: [],
    lines,
    answer: async () => accepted,
  }
  const channel: WebPushChannel = {
    ...webPushChannel(noSender, Date.now),
    async send(device, content) {
      lab.sent.push({ device, content })
      return result.answer(device)
    },
  }
  const shared = { ...parts, channel, gate, metrics }
  const applyOutcome = createApplyOutcome({
    ...shared,
    announce: () => {},
    log: silentLog,
    random: Math.random,
  })
  const deliver = createDeliver({ ...shared, applyOutcome })
  const worker = startWebPushNotificationWorker(
    {
      channel,
      store,
      fanOut: createFanOut({ ...shared, store, deliver, recordsUnreachable: true }),
      capabilities: createCapabilities('a secret of the tests, long enough'),
      tombstones: createCallTombstones(deliveries, Date.now),
      presence: { isViewing: () => false },
      calls: { announce: (stored) => callView(store, stored, Date.now()) },
      announce: () => {},
      log: { ...silentLog, info: (line: unknown) => void lines.push(String(line)) },
      now: Date.now,
      appUrl: 'https://app.example',
    },
    { broker, failpoint: noFailpoint },
  )
  // What is meant for phones is another worker's.
  const others = (['expo-push.chat', 'expo-push.calls'] as const).map((queue) =>
    broker.consume(queue, async () => ({ kind: 'done' }), { prefetch: 100 }),
  )
  onTestFinished(async () => {
    await Promise.all([worker, ...others].map((each) => each.stop()))
    await broker.close()
    await store.close()
    ledger.close()
    await file.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const result: WorkerLab = {
    ...lab,
    async publish(event, times = 1) {
      await Promise.all(Array.from({ length: times }, () => broker.publish(event)))
    },
    quiet: () => ledger.quiet(),
  }
  return result
}
