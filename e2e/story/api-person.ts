import {
  call,
  calls,
  conversation,
  message,
  pushSubscription,
  pushSubscriptions,
  registeredSubscription,
  session,
  testResults,
  type Call,
  type Conversation,
  type Message,
  type PushSubscription,
  type RegisterExpoTokenBody as PhoneBody,
  type TestResults,
  type User,
} from '@belfry/contracts'
import type { Account } from './account.ts'

/** A person who uses the HTTP API, where a browser would add nothing to the story. */
export interface ApiPerson {
  readonly user: User
  readonly token: string
  /** The conversation of the two, made at first use. */
  readonly group: (others: readonly Pick<User, 'id'>[], title: string) => Promise<Conversation>
  readonly conversationWith: (other: Pick<User, 'id'>) => Promise<Conversation>
  readonly write: (conversationId: string, text: string) => Promise<Message>
  readonly read: (read: Pick<Message, 'conversationId' | 'id'>) => Promise<void>
  readonly call: (calleeId: string, media: 'audio' | 'video') => Promise<Call>
  readonly step: (sessionId: string, step: CallStep, deviceId?: string) => Promise<Call>
  readonly findCall: (sessionId: string) => Promise<Call>
  readonly ringingCalls: () => Promise<readonly Call[]>
  readonly devices: () => Promise<readonly PushSubscription[]>
  readonly addDevice: (subscription: object, deviceName: string) => Promise<PushSubscription>
  readonly addPhone: (phone: PhoneBody) => Promise<PushSubscription>
  readonly removeDevice: (id: string) => Promise<void>
  readonly testDevices: () => Promise<TestResults['results']>
}

type CallStep = 'accept' | 'decline' | 'cancel' | 'end'

export function registerByApi(serverUrl: string, account: Account): Promise<ApiPerson> {
  return enter(serverUrl, '/api/auth/register', account)
}

/** Somebody who has registered before, in a browser say, seen from the API. */
export function signInByApi(serverUrl: string, account: Account): Promise<ApiPerson> {
  const { username, password } = account
  return enter(serverUrl, '/api/auth/login', { username, password })
}

async function enter(serverUrl: string, path: string, body: object): Promise<ApiPerson> {
  const { user, token } = await ask(serverUrl, { path, body, answer: session })
  const as = <T>(request: Request<T>): Promise<T> => ask(serverUrl, { ...request, token })
  return {
    user,
    token,
    group: (others, title) =>
      as({
        path: '/api/conversations',
        body: { memberIds: others.map(({ id }) => id), title },
        answer: conversation,
      }),
    conversationWith: ({ id }) =>
      as({ path: '/api/conversations', body: { memberIds: [id] }, answer: conversation }),
    write: (conversationId, text) =>
      as({
        path: `/api/conversations/${conversationId}/messages`,
        body: { text },
        answer: message,
      }),
    read: async ({ conversationId, id }) => {
      const path = `/api/conversations/${conversationId}/read`
      await as({ path, body: { messageId: id }, answer: nothing })
    },
    call: (calleeId, media) =>
      as({ path: '/api/calls', body: { calleeIds: [calleeId], media }, answer: call }),
    step: (sessionId, step, deviceId) =>
      as({
        path: `/api/calls/${sessionId}/${step}`,
        body: deviceId === undefined ? {} : { deviceId },
        answer: call,
      }),
    findCall: (sessionId) => as({ path: `/api/calls/${sessionId}`, answer: call }),
    ringingCalls: async () => (await as({ path: '/api/calls?state=ringing', answer: calls })).calls,
    devices: async () =>
      (await as({ path: '/api/push-subscriptions', answer: pushSubscriptions })).subscriptions,
    addDevice: (subscription, deviceName) =>
      as({
        path: '/api/push-subscriptions',
        body: { ...subscription, deviceName },
        answer: registeredSubscription,
      }),
    addPhone: (phone) =>
      as({ path: '/api/push-subscriptions/expo', body: phone, answer: pushSubscription }),
    removeDevice: async (id) => {
      await as({ method: 'DELETE', path: `/api/push-subscriptions/${id}`, answer: nothing })
    },
    testDevices: async () =>
      (await as({ path: '/api/push-subscriptions/test', body: {}, answer: testResults })).results,
  }
}

interface Request<T> {
  readonly path: string
  readonly method?: 'DELETE'
  /** POST when given. */
  readonly body?: object
  readonly token?: string
  /** The contract's schema of the answer. */
  readonly answer: { readonly parse: (json: unknown) => T }
}

const nothing = { parse: () => undefined }

async function ask<T>(
  serverUrl: string,
  { path, method, body, token, answer }: Request<T>,
): Promise<T> {
  const headers = new Headers()
  if (body !== undefined) headers.set('content-type', 'application/json')
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  const response = await fetch(serverUrl + path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers,
    ...(body && { body: JSON.stringify(body) }),
  })
  const json: unknown = response.status === 204 ? undefined : await response.json()
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(json)}`)
  return answer.parse(json)
}
