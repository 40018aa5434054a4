import {
  startExpoService,
  type AcceptedPush,
  type ExpoService,
  type ExpoServiceOptions,
  type Phone,
  type Platform,
} from '@belfry/expo-service'
import { onTestFinished } from 'vitest'
import { at, type TestPerson, type TestServer } from '../support/test-server.ts'
import type { Ledger } from './ledger.ts'
import { conversationOf, startScene } from './scene.ts'

/** A server whose phones are reached by a service of the test's own. */
export interface PhoneScene {
  readonly server: TestServer
  readonly ledger: Ledger
  readonly expo: ExpoService
}

export interface PhoneSceneOptions {
  readonly environment?: Readonly<Record<string, string>>
  readonly service?: ExpoServiceOptions
  readonly now?: () => number
}

/** Receipts are asked for at once. */
export async function startPhoneScene(options: PhoneSceneOptions = {}): Promise<PhoneScene> {
  const expo = await startExpoService(options.service)
  onTestFinished(() => expo.close())
  const environment = {
    EXPO_PUSH_URL: expo.url,
    EXPO_RECEIPT_DELAY_SECONDS: '0',
    ...options.environment,
  }
  const { now } = options
  const scene = await startScene({ environment, ...(now === undefined ? {} : { now }) })
  return { ...scene, expo }
}

/** The same with two people, and the conversation between them. */
export async function anaAndBob(
  options: PhoneSceneOptions = {},
): Promise<PhoneScene & { ana: TestPerson; bob: TestPerson; subjectId: string }> {
  const scene = await startPhoneScene(options)
  const ana = await scene.server.person('ana')
  const bob = await scene.server.person('bob')
  return { ...scene, ana, bob, subjectId: await conversationOf(ana, bob) }
}

/** As their settings page shows them. */
export async function devicesOf(person: TestPerson): Promise<unknown> {
  return at((await person.ask('GET', '/api/push-subscriptions')).body, 'subscriptions')
}

/** A phone of theirs, and the id of its row. */
export interface OwnPhone {
  readonly id: string
  readonly token: string
  readonly phone: Phone
}

/** The app on a phone of theirs, signed in. `silent`: it does not say on which platform. */
export async function phoneOf(
  { expo }: Pick<PhoneScene, 'expo'>,
  person: TestPerson,
  options: { platform?: Platform; projectId?: string; deviceId?: string; silent?: boolean } = {},
): Promise<OwnPhone> {
  const { platform = 'android', projectId, deviceId, silent = false } = options
  const project = projectId === undefined ? {} : { projectId }
  const token = expo.install({ platform, ...project })
  const registered = await person.ask('POST', '/api/push-subscriptions/expo', {
    token,
    ...project,
    ...(silent ? {} : { platform }),
    ...(deviceId === undefined ? {} : { deviceId }),
  })
  if (registered.status !== 201) throw new Error(`not registered: ${registered.text}`)
  return { id: String(at(registered.body, 'id')), token, phone: expo.phone(token) }
}

/** The next push that Expo takes, for that phone. */
export async function nextPush(
  expo: ExpoService,
  { token }: OwnPhone,
  type?: string,
): Promise<AcceptedPush> {
  return expo.events.waitFor(
    'push',
    (push) => push.token === token && (type === undefined || push.data['type'] === type),
  )
}

export function typesAtPhone({ phone }: OwnPhone): string[] {
  return phone.received.map((push) => String(push.data['type']))
}

/** How often Expo was sent something for that token, whatever it answered. */
export function sentTo(expo: ExpoService, { token }: OwnPhone): number {
  return expo.events.all.filter(
    (event) =>
      event.type === 'request' &&
      event.endpoint === 'send' &&
      JSON.stringify(event.json).includes(token),
  ).length
}
