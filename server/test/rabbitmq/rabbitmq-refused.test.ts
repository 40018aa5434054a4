import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { rabbitMqDeadLetters } from '../../src/broker/rabbitmq/dead-letters.ts'
import type { RabbitMqBrokerOptions } from '../../src/broker/rabbitmq/rabbitmq-broker.ts'
import { isFulfilled, openBroker, silent } from './broker-lab.ts'
import { startRabbitMq, whyNoRabbitMq, type RabbitMq } from './start-rabbitmq.ts'

const missing = whyNoRabbitMq()
if (missing !== null) test.skip(`RabbitMQ: ${missing}`, () => {})

describe.skipIf(missing !== null)('when RabbitMQ lets us not in', { timeout: 60_000 }, () => {
  let rabbitMq: RabbitMq
  const soon = { timeout: 15_000 }

  beforeAll(async () => {
    rabbitMq = await startRabbitMq()
    await rabbitMq.ctl('add_user', 'bel', 'right')
    for (const vhost of ['ours', 'theirs', 'looks']) await rabbitMq.ctl('add_vhost', vhost)
    await rabbitMq.ctl('set_permissions', '-p', 'ours', 'bel', '.*', '.*', '.*')
    await rabbitMq.ctl('set_permissions', '-p', 'looks', 'bel', '^$', '^$', '.*')
  }, 90_000)
  afterAll(() => rabbitMq.stop())

  function open(userinfo: string, vhost: string, options: Partial<RabbitMqBrokerOptions> = {}) {
    return openBroker(`amqp://${userinfo}@127.0.0.1:${rabbitMq.port}/${vhost}`, options)
  }

  test.each([
    {
      what: 'a wrong password',
      door: ['bel:wrong-one', 'ours'],
      refused: 'login',
      cure: 'rabbitmqctl change_password bel',
    },
    {
      what: 'an unknown user',
      door: ['nobody:wrong-one', 'ours'],
      refused: 'login',
      cure: 'rabbitmqctl add_user nobody',
    },
    {
      what: 'a virtual host that is none',
      door: ['bel:right', 'none'],
      refused: 'virtual host',
      cure: 'rabbitmqctl add_vhost none',
    },
    {
      what: 'a virtual host of others',
      door: ['bel:right', 'theirs'],
      refused: 'virtual host',
      cure: 'rabbitmqctl set_permissions -p theirs bel ".*" ".*" ".*"',
    },
    {
      what: 'a virtual host to look at alone',
      door: ['bel:right', 'looks'],
      refused: 'permission',
      cure: 'rabbitmqctl set_permissions -p looks bel ".*" ".*" ".*"',
    },
  ])('$what ends the start, and says what mends it', async ({ door, refused, cure }) => {
    const [userinfo = '', vhost = ''] = door
    const starting = open(userinfo, vhost, { startWithinMs: 1000 })
    const failure: unknown = await starting.catch((cause: unknown) => cause)
    expect(failure).toMatchObject({ code: 'BROKER_REFUSED', refused })
    expect(String(failure)).toContain(`RabbitMQ at 127.0.0.1:${rabbitMq.port} refuses`)
    expect(String(failure)).toContain('RABBITMQ_URL')
    expect(String(failure)).toContain(cure)
    expect(String(failure)).not.toContain('wrong-one')
  })

  test('whoever looks at the dead with a wrong password is told the same', async () => {
    const url = `amqp://bel:wrong-one@127.0.0.1:${rabbitMq.port}/ours`
    const looking = rabbitMqDeadLetters({ url, now: Date.now }).list({ limit: 1 })
    await expect(looking).rejects.toMatchObject({ code: 'BROKER_REFUSED', refused: 'login' })
  })

  test('a login that is made while the start waits for it is taken', async () => {
    const refused = Promise.withResolvers<void>()
    const log = { ...silent, error: () => refused.resolve() }
    const opening = open('late:comer', 'ours', { log, startWithinMs: 30_000 })
    await refused.promise
    await rabbitMq.ctl('add_user', 'late', 'comer')
    await rabbitMq.ctl('set_permissions', '-p', 'ours', 'late', '.*', '.*', '.*')
    const broker = await opening
    await broker.ping()
    await broker.close()
  })

  test('a password that is changed while it runs is an error in the log, and tried until it fits', async () => {
    const errors: unknown[] = []
    const log = { ...silent, error: (fields: unknown) => void errors.push(fields) }
    const broker = await open('bel:right', 'ours', { log })
    onTestFinished(() => broker.close())
    await rabbitMq.ctl('change_password', 'bel', 'another')
    await rabbitMq.ctl('close_all_connections', '--vhost', 'ours', 'maintenance')
    await expect
      .poll(() => errors, soon)
      .toContainEqual(
        expect.objectContaining({
          name: 'control',
          err: expect.objectContaining({ code: 'BROKER_REFUSED', refused: 'login' }),
        }),
      )
    await rabbitMq.ctl('change_password', 'bel', 'right')
    await expect.poll(() => isFulfilled(broker.ping()), soon).toBe(true)
  })
})
