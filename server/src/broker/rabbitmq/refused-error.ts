import { replyCodeOf, replyCodes } from './reply-code.ts'
import { rabbitMqUrl, type RabbitMqUrl } from './rabbitmq-url.ts'

/** What RabbitMQ refuses: to know us, to let us into the virtual host, or to let us work there. */
export type Refused = 'login' | 'virtual host' | 'permission'

/** RabbitMQ is there and says no. No new attempt can help until somebody changes RABBITMQ_URL or RabbitMQ's users. */
export class BrokerRefusedError extends Error {
  readonly code = 'BROKER_REFUSED'
  readonly refused: Refused

  constructor(refused: Refused, door: RabbitMqUrl, options?: ErrorOptions) {
    super(`RabbitMQ at ${door.address} ${sentences[refused](door)}`, options)
    this.name = 'BrokerRefusedError'
    this.refused = refused
  }
}

/** `cause` as such an error, when it is one; else null. `url` is what the connection was opened with. */
export function refusalOf(cause: unknown, url: string): BrokerRefusedError | null {
  const refused = whatIsRefused(cause)
  return refused === null ? null : new BrokerRefusedError(refused, rabbitMqUrl(url), { cause })
}

/**
 * The one place that looks at words: amqplib 2.3 gives an error of the handshake neither code nor fields. RabbitMQ's
 * answer to a login is in the words; that to a virtual host (530, or 541 while it is down) is not, only that it closed.
 */
function whatIsRefused(cause: unknown): Refused | null {
  if (replyCodeOf(cause) === replyCodes.accessRefused) return 'permission'
  if (!(cause instanceof Error)) return null
  if (cause.message.startsWith('Handshake terminated by server: 403')) return 'login'
  const atTheDoor = 'Expected ConnectionOpenOk; got <ConnectionClose'
  return cause.message.startsWith(atTheDoor) ? 'virtual host' : null
}

const sentences: Readonly<Record<Refused, (door: RabbitMqUrl) => string>> = {
  login: ({ user }) =>
    `refuses the login of RABBITMQ_URL: it has no user ${quoted(user)} with that password` +
    `${user === 'guest' ? ' (and takes "guest" from its own machine only)' : ''}. ` +
    `Correct RABBITMQ_URL, or RabbitMQ: rabbitmqctl add_user ${word(user)}, ` +
    `or rabbitmqctl change_password ${word(user)}; both ask for the password.`,
  'virtual host': ({ vhost, user }) =>
    `refuses the virtual host ${quoted(vhost)} of RABBITMQ_URL: there is none of that name, it is down, ` +
    `or the user ${quoted(user)} may not use it; RabbitMQ's log says which. ` +
    `Correct RABBITMQ_URL, or RabbitMQ: rabbitmqctl add_vhost ${word(vhost)}, then ${permit(vhost, user)}.`,
  permission: ({ vhost, user }) =>
    `refuses the user ${quoted(user)} of RABBITMQ_URL what it needs in the virtual host ${quoted(vhost)}: ` +
    `to configure, write and read there. Run ${permit(vhost, user)}.`,
}

function permit(vhost: string, user: string): string {
  return `rabbitmqctl set_permissions -p ${word(vhost)} ${word(user)} ".*" ".*" ".*"`
}

function quoted(text: string): string {
  return JSON.stringify(text)
}

/** As a shell takes it for one word. */
function word(text: string): string {
  return /^[\w./@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
