import { unescape } from 'node:querystring'

/** What is wrong with `RABBITMQ_URL`, without its password. */
export class RabbitMqUrlError extends Error {
  readonly code = 'RABBITMQ_URL_INVALID'

  constructor(why: string) {
    super(`RABBITMQ_URL must be amqp://user:password@host:port/vhost (or amqps://): ${why}`)
    this.name = 'RabbitMqUrlError'
  }
}

/** A dead peer is noticed after two silent intervals, at most 30 s; RabbitMQ's own default of 60 s is too long. */
const heartbeatSeconds = 10

export interface RabbitMqUrl {
  /** For the driver. Holds the password. */
  readonly url: string
  /** For logs and errors: host, port and virtual host. */
  readonly shown: string
  /** Host and port. */
  readonly address: string
  readonly user: string
  readonly vhost: string
}

export function rabbitMqUrl(text: string): RabbitMqUrl {
  if (!URL.canParse(text)) throw new RabbitMqUrlError('it is no URL')
  const url = new URL(text)
  if (url.protocol !== 'amqp:' && url.protocol !== 'amqps:')
    throw new RabbitMqUrlError(`it begins with ${url.protocol}`)
  if (url.hostname === '') throw new RabbitMqUrlError('it names no host')
  if (!url.searchParams.has('heartbeat'))
    url.searchParams.set('heartbeat', String(heartbeatSeconds))
  const { host, username, pathname } = url
  // As the driver reads them, its defaults included.
  const user = username === '' && url.password === '' ? 'guest' : unescape(username)
  const vhost = pathname.length > 1 ? unescape(pathname.slice(1)) : '/'
  const port = url.protocol === 'amqps:' ? 5671 : 5672
  const address = url.port === '' ? `${host}:${port}` : host
  return { url: url.href, shown: `${host}${pathname}`, address, user, vhost }
}
