import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { Broker } from '../broker/port.ts'

/** What deliveries count. Labels are few by construction: never a person, an endpoint or a free host. */
export interface DeliveryMetrics {
  count(kind: string, outcome: string, host: string): void
}

export interface Metrics extends DeliveryMetrics {
  readonly contentType: string
  /** Prometheus text format. */
  print(): Promise<string>
  countSuppressed(reason: string): void
  /** What Apple or Google made of a push that Expo had taken. */
  countExpoReceipt(outcome: string): void
}

export function createMetrics(broker: Pick<Broker, 'depth' | 'deaths'>): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const deliveries = new Counter({
    name: 'belfry_deliveries_total',
    help: 'Push attempts by kind, outcome and push service',
    labelNames: ['kind', 'outcome', 'service'],
    registers: [registry],
  })
  const suppressed = new Counter({
    name: 'belfry_suppressed_total',
    help: 'Deliveries that policy refused, by reason',
    labelNames: ['reason'],
    registers: [registry],
  })
  const receipts = new Counter({
    name: 'belfry_expo_receipts_total',
    help: 'Receipts read from Expo, by what they say',
    labelNames: ['outcome'],
    registers: [registry],
  })
  registry.registerMetric(
    new Gauge({
      name: 'belfry_queue_depth',
      help: 'Messages waiting in each queue, and in "dead" what was set aside',
      labelNames: ['queue'],
      registers: [],
      async collect() {
        this.reset()
        try {
          const depth = await broker.depth()
          for (const [queue, count] of Object.entries(depth)) this.set({ queue }, count)
        } catch {
          // Not known while the broker is away; everything else is.
        }
      },
    }),
  )
  registry.registerMetric(
    new Counter({
      name: 'belfry_dead_total',
      help: 'Messages that this process set aside, by the queue they came from and the reason',
      labelNames: ['queue', 'reason'],
      registers: [],
      collect() {
        this.reset()
        for (const { queue, cause, count } of broker.deaths())
          this.inc({ queue, reason: cause }, count)
      },
    }),
  )
  return {
    contentType: registry.contentType,
    print: () => registry.metrics(),
    count: (kind, outcome, host) => deliveries.inc({ kind, outcome, service: serviceOf(host) }),
    countSuppressed: (reason) => suppressed.inc({ reason }),
    countExpoReceipt: (outcome) => receipts.inc({ outcome }),
  }
}

const services: ReadonlyArray<readonly [RegExp, string]> = [
  [/(^|\.)(fcm\.googleapis|jmt17\.google)\.com$/, 'fcm'],
  [/\.push\.services\.mozilla\.com$/, 'mozilla'],
  [/\.push\.apple\.com$/, 'apple'],
  [/\.notify\.windows\.com$/, 'wns'],
  [/^expo$/, 'expo'],
]

function serviceOf(host: string): string {
  return services.find(([pattern]) => pattern.test(host))?.[1] ?? 'other'
}
