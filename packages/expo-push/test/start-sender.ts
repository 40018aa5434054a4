import { onTestFinished } from 'vitest'
import { createExpoSender, type ExpoPush, type ExpoSender } from '../src/index.ts'
import type { ExpoSenderOptions } from '../src/index.ts'
import { createFakeClock, type FakeClock } from './fake-clock.ts'
import { createFakeExpo, type Behaviour, type FakeExpo } from './fake-expo.ts'

export interface Started {
  readonly sender: ExpoSender
  readonly expo: FakeExpo
  readonly clock: FakeClock
}

/** A sender, Expo and time, all in this process. */
export function startSender(
  behave: Behaviour,
  options: Partial<Omit<ExpoSenderOptions, 'fetch' | 'now' | 'setTimer'>> = {},
): Started {
  const clock = createFakeClock()
  const expo = createFakeExpo(clock, behave)
  const { fetch } = expo
  const { now, setTimer } = clock
  const sender = createExpoSender({ random: () => 0.5, ...options, fetch, now, setTimer })
  return { sender, expo, clock }
}

/** The same, closed with the test. */
export function startSenderForTest(...args: Parameters<typeof startSender>): Started {
  const started = startSender(...args)
  onTestFinished(() => started.sender.close())
  return started
}

export function tokenOf(name: string): string {
  return `ExponentPushToken[${name}]`
}

/** A chat for a device of that name, which can be changed field by field. */
export function chatTo(name: string, fields: Partial<ExpoPush> = {}): ExpoPush {
  return {
    message: { to: tokenOf(name), title: 'Ana', data: { id: name }, ttl: 86_400 },
    projectId: 'chat-app',
    ...fields,
  }
}

/** A ring for a device of that name. */
export function ringTo(name: string, fields: Partial<ExpoPush> = {}): ExpoPush {
  return chatTo(name, { pace: 'ring', ...fields })
}
