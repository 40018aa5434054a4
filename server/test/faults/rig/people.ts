import { SignJWT } from 'jose'
import { at } from '../../support/ask.ts'
import type { ApiClient, Doing, Person } from './api-client.ts'
import type { EventRecorder } from './event-recorder.ts'
import type { PushDevices } from './push-devices.ts'

/** Two who write to each other and call each other. */
export interface Pair {
  readonly one: Person
  readonly other: Person
  readonly conversationId: string
}

export interface PeopleOptions {
  readonly client: ApiClient
  readonly devices: PushDevices
  readonly jwtSecret: string
  readonly recorder: EventRecorder
}

/** Who they are, and what they do, in the words of the log. */
export interface People {
  /** Signed in by a token of another backend; known from the first use on. */
  person(id: string): Promise<Person>
  /** Two with so many devices each, who have a conversation. */
  pair(name: string, devicesEach: number): Promise<Pair>
  subscribe(person: Person, device: string, options?: SubscribeOptions): Promise<void>
  /** Every device that is subscribed, by person. */
  devicesOf(person: Person): readonly string[]
}

export interface SubscribeOptions {
  readonly deviceId?: string
  readonly replaces?: string
}

export function createPeople({ client, devices, jwtSecret, recorder }: PeopleOptions): People {
  const owned = new Map<string, string[]>()

  async function person(id: string): Promise<Person> {
    const token = await new SignJWT({ name: id })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(id)
      .setExpirationTime('4h')
      .sign(new TextEncoder().encode(jwtSecret))
    recorder.write({ kind: 'secret', text: token })
    return { id, token }
  }

  async function subscribe(
    who: Person,
    device: string,
    { deviceId, replaces }: SubscribeOptions = {},
  ): Promise<void> {
    const body = {
      ...devices.make(device).toJSON(),
      deviceName: device,
      ...(deviceId === undefined ? {} : { deviceId }),
    }
    const place = { method: 'POST', path: '/api/push-subscriptions', body }
    const swap = replaces === undefined ? {} : { replaces }
    await client.insist(who, { action: 'subscribe', subject: device, ...swap, ...place })
    owned.set(who.id, [...(owned.get(who.id) ?? []), device])
  }

  return {
    person,
    subscribe,
    devicesOf: ({ id }) => owned.get(id) ?? [],
    async pair(name, devicesEach) {
      const [one, other] = [await person(`${name}-ana`), await person(`${name}-bob`)]
      for (const each of [one, other]) {
        await client.insist(each, question('GET', '/api/me'))
        for (let n = 1; n <= devicesEach; n += 1) await subscribe(each, `${each.id}-${n}`)
      }
      const body = { memberIds: [other.id] }
      const made = await client.insist(one, question('POST', '/api/conversations', body))
      return { one, other, conversationId: String(at(made.body, 'id')) }
    },
  }
}

/** Whatever only its answer is judged of. */
export function question(method: string, path: string, body?: unknown): Doing {
  return { action: 'other', subject: path, method, path, ...(body === undefined ? {} : { body }) }
}

/** A message under a key of its own: asked for again, it is the same message. */
export function message(pair: Pair, key: string, canary: string): Doing {
  return {
    action: 'send',
    subject: key,
    to: [pair.other.id],
    method: 'POST',
    path: `/api/conversations/${pair.conversationId}/messages`,
    body: { text: `[${key}] ${canary} see you at eight`, clientMessageId: key },
  }
}

export function ring(pair: Pair, name: string): Doing {
  return {
    action: 'call',
    subject: name,
    to: [pair.other.id],
    method: 'POST',
    path: '/api/calls',
    body: { calleeIds: [pair.other.id], media: 'audio' },
  }
}

export function endOfRing(sessionId: string, how: 'accept' | 'decline' | 'cancel'): Doing {
  const path = `/api/calls/${sessionId}/${how}`
  return { action: 'end', subject: sessionId, method: 'POST', path, body: {} }
}

export function lookAt(sessionId: string): Doing {
  const path = `/api/calls/${sessionId}`
  return { action: 'look', subject: sessionId, method: 'GET', path }
}
