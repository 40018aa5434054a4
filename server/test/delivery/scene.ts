import type { PushServiceEvent, ReceivedPush, Recipient } from '@belfry/push-service'
import { onTestFinished } from 'vitest'
import {
  at,
  startTestServer,
  type TestPerson,
  type TestServer,
  type TestServerOptions,
} from '../support/test-server.ts'
import { openLedger, type Ledger } from './ledger.ts'

/** A server that ends with the test, and its ledger. */
export async function startScene(
  options: TestServerOptions = {},
): Promise<{ server: TestServer; ledger: Ledger }> {
  const server = await startTestServer(options)
  const ledger = openLedger(server.dataDir)
  onTestFinished(async () => {
    ledger.close()
    await server.close()
  })
  return { server, ledger }
}

/** The conversation of these people, begun by the first. Its id. */
export async function conversationOf(...people: readonly TestPerson[]): Promise<string> {
  const [first, ...others] = people
  const memberIds = others.map((person) => person.id)
  const answer = await first?.ask('POST', '/api/conversations', { memberIds })
  return String(at(answer?.body, 'id'))
}

/** Writes a message and returns its id. */
export async function say(
  person: TestPerson,
  conversationId: string,
  text: string,
): Promise<string> {
  const path = `/api/conversations/${conversationId}/messages`
  const answer = await person.ask('POST', path, { text })
  if (answer.status !== 201) throw new Error(`not written: ${answer.text}`)
  return String(at(answer.body, 'id'))
}

/** Calls and returns the session id. */
export async function ring(caller: TestPerson, ...callees: readonly TestPerson[]): Promise<string> {
  const calleeIds = callees.map((person) => person.id)
  const answer = await caller.ask('POST', '/api/calls', { calleeIds, media: 'audio' })
  if (answer.status !== 201) throw new Error(`not called: ${answer.text}`)
  return String(at(answer.body, 'sessionId'))
}

export function bodyOf(push: ReceivedPush): string {
  return String(at(push.json, 'notification', 'body'))
}

export function typeOf(push: ReceivedPush): string {
  return String(at(push.json, 'type'))
}

export function typesAt(browser: Recipient): string[] {
  return browser.received.map(typeOf)
}

export function receiptOf(push: ReceivedPush): string {
  return String(at(push.json, 'notification', 'data', 'receipt'))
}

/** What the push service was asked for that endpoint, in order: each answered push, refusal or scripted answer. */
export function askedFor(
  server: Pick<TestServer, 'push'>,
  endpoint: string,
): Array<Extract<PushServiceEvent, { endpoint: string; body: Buffer }>> {
  return server.push.events.all.filter(
    (event): event is Extract<PushServiceEvent, { endpoint: string; body: Buffer }> =>
      'body' in event && event.endpoint === endpoint,
  )
}
