import { expect, test } from 'vitest'
import { refusalOf } from './refused-error.ts'

const url = 'amqp://bel:secret@mq:5672/chat'
const atTheDoor = new Error('Expected ConnectionOpenOk; got <ConnectionClose channel:0>')

test.each([
  ['login', new Error('Handshake terminated by server: 403 (ACCESS-REFUSED) with message "…"')],
  ['virtual host', atTheDoor],
  ['permission', Object.assign(new Error('Operation failed: ExchangeDeclare'), { code: 403 })],
])(
  'a refused %s names RABBITMQ_URL and the command that mends it, never the password',
  (refused, cause) => {
    const refusal = refusalOf(cause, url)
    expect(refusal).toMatchObject({ code: 'BROKER_REFUSED', refused, cause })
    expect(refusal?.message).toMatch(/^RabbitMQ at mq:5672 refuses /)
    expect(refusal?.message).toContain('RABBITMQ_URL')
    expect(refusal?.message).toContain('rabbitmqctl ')
    expect(refusal?.message).not.toContain('secret')
  },
)

test('names that a shell would take apart are one word of the command', () => {
  expect(refusalOf(atTheDoor, "amqp://o'hara:x@mq/my%20host")?.message).toContain(
    String.raw`rabbitmqctl add_vhost 'my host', then rabbitmqctl set_permissions -p 'my host' 'o'\''hara' ".*" ".*" ".*"`,
  )
  expect(refusalOf(atTheDoor, 'amqp://mq')?.message).toContain('-p / guest ".*"')
})

test.each([
  new Error('connect ECONNREFUSED 127.0.0.1:5672'),
  Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
  Object.assign(new Error('Channel closed'), { code: 404 }),
  undefined,
])('what cures itself is no refusal: %s', (cause) => {
  expect(refusalOf(cause, url)).toBeNull()
})
