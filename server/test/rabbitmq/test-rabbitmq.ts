import { startRabbitMq, whyNoRabbitMq } from './start-rabbitmq.ts'

/** A virtual host whose queues these tests may delete. */
export interface TestRabbitMq {
  readonly url: string
  stop(): Promise<void>
}

/** `RABBITMQ_TEST_URL` names a running one, for instance of another version. */
const given = process.env.RABBITMQ_TEST_URL

/** Why these tests cannot run here; null when they can. */
export function whyNoTestRabbitMq(): string | null {
  if (given === undefined) return whyNoRabbitMq()
  const vhost = URL.canParse(given) ? new URL(given).pathname : ''
  if (vhost.includes('test')) return null
  return `RABBITMQ_TEST_URL must end in a virtual host with "test" in its name, got "${vhost}": its queues are deleted`
}

/** The given one, else one of our own that lasts as long as this test file. */
export async function openTestRabbitMq(): Promise<TestRabbitMq> {
  if (given !== undefined) return { url: given, stop: async () => {} }
  return startRabbitMq()
}
