import { expect, test } from 'vitest'
import { RabbitMqUrlError, rabbitMqUrl } from './rabbitmq-url.ts'

test('a heartbeat of ten seconds is asked for, unless the operator asks for another', () => {
  expect(rabbitMqUrl('amqp://b:secret@mq:5672/belfry').url).toBe(
    'amqp://b:secret@mq:5672/belfry?heartbeat=10',
  )
  expect(rabbitMqUrl('amqps://mq/?heartbeat=3').url).toBe('amqps://mq/?heartbeat=3')
})

test('what is shown holds no password', () => {
  expect(rabbitMqUrl('amqp://b:secret@mq:5672/belfry').shown).toBe('mq:5672/belfry')
})

test.each(['', 'secret', 'http://b:secret@mq', 'amqp:///secret'])(
  'an address that is none is refused without repeating it: %s',
  (text) => {
    expect(() => rabbitMqUrl(text)).toThrow(RabbitMqUrlError)
    expect(() => rabbitMqUrl(text)).not.toThrow('secret')
  },
)

test('user, virtual host and port are those that the driver takes', () => {
  expect(rabbitMqUrl('amqps://b%40d:secret@mq/my%20host')).toMatchObject({
    address: 'mq:5671',
    user: 'b@d',
    vhost: 'my host',
  })
  expect(rabbitMqUrl('amqp://mq')).toMatchObject({ address: 'mq:5672', user: 'guest', vhost: '/' })
})
