import { expect, test } from 'vitest'
import { findRabbitMq4 } from './find-rabbitmq-4.ts'

test('a RabbitMQ 4 that cannot be had is a reason, not a failing run', async () => {
  expect(await findRabbitMq4('/dev/null/rabbitmq-4')).toMatch(/^untested: /)
})
