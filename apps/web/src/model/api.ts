import * as contract from '@belfry/contracts'
import { createRequest, nothing, type Reply, type Request, type RequestOptions } from './request.ts'

/** Every route of the server that the app uses, typed. No call throws. */
export interface Api extends AccountApi, ChatApi, CallApi, DeviceApi {}

interface AccountApi {
  register(body: contract.RegisterBody): Promise<Reply<contract.Session>>
  login(body: contract.LoginBody): Promise<Reply<contract.Session>>
  /** Ends this token, and forgets the device's subscriptions when it is named. */
  logout(body: contract.LogoutBody): Promise<Reply<null>>
  me(signal?: AbortSignal): Promise<Reply<contract.Me>>
  updateMe(body: UpdateMeBody): Promise<Reply<contract.Me>>
  users(query: string, signal?: AbortSignal): Promise<Reply<contract.Users>>
}
type UpdateMeBody = contract.UpdateMeBody

interface ChatApi {
  conversations(signal?: AbortSignal): Promise<Reply<contract.Conversations>>
  createConversation(body: contract.CreateConversationBody): Promise<Reply<contract.Conversation>>
  /** Newest first; `before` is a message's id, exclusive. */
  messages(page: MessagesPage, signal?: AbortSignal): Promise<Reply<contract.Messages>>
  sendMessage(
    conversationId: string,
    body: contract.SendMessageBody,
  ): Promise<Reply<contract.Message>>
  markRead(conversationId: string, messageId: string): Promise<Reply<null>>
}

export interface MessagesPage {
  readonly conversationId: string
  readonly before?: string | undefined
  readonly limit?: number
}

interface CallApi {
  startCall(body: contract.StartCallBody): Promise<Reply<contract.Call>>
  findCall(sessionId: string, signal?: AbortSignal): Promise<Reply<contract.Call>>
  calls(state?: contract.CallState, signal?: AbortSignal): Promise<Reply<contract.Calls>>
  acceptCall(sessionId: string, body: { deviceId?: string }): Promise<Reply<contract.Call>>
  declineCall(sessionId: string): Promise<Reply<contract.Call>>
  /** This tab rings: for the caller's truth. */
  ringsHere(sessionId: string, deviceId: string): Promise<Reply<null>>
  cancelCall(sessionId: string): Promise<Reply<contract.Call>>
  endCall(sessionId: string): Promise<Reply<contract.Call>>
}

interface DeviceApi {
  pushConfig(signal?: AbortSignal): Promise<Reply<contract.PushConfig>>
  subscriptions(signal?: AbortSignal): Promise<Reply<contract.PushSubscriptions>>
  renameSubscription(id: string, deviceName: string): Promise<Reply<contract.PushSubscription>>
  removeSubscription(id: string): Promise<Reply<null>>
  /** Known or new: the token of a phone that this page runs on, in the app. */
  registerPhone(body: contract.RegisterExpoTokenBody): Promise<Reply<contract.PushSubscription>>
  forgetPhone(deviceId: string): Promise<Reply<null>>
  testNotification(body: TestNotification): Promise<Reply<contract.TestResults>>
  preferences(signal?: AbortSignal): Promise<Reply<contract.NotificationPreferences>>
  savePreferences(
    preferences: contract.NotificationPreferences,
  ): Promise<Reply<contract.NotificationPreferences>>
}

export interface TestNotification {
  /** Only this device; all of the person's when absent. */
  readonly id?: string
  readonly kind?: 'message' | 'call'
}

export function createApi(options: RequestOptions): Api {
  const request = createRequest(options)
  return { ...accountApi(request), ...chatApi(request), ...callApi(request), ...deviceApi(request) }
}

function accountApi(request: Request): AccountApi {
  const { session, me, users } = contract
  return {
    register: (body) => request({ method: 'POST', path: '/auth/register', body, answer: session }),
    login: (body) => request({ method: 'POST', path: '/auth/login', body, answer: session }),
    logout: (body) => request({ method: 'POST', path: '/auth/logout', body, answer: nothing }),
    me: (signal) => request({ path: '/me', answer: me, signal }),
    updateMe: (body) => request({ method: 'PATCH', path: '/me', body, answer: me }),
    users: (query, signal) =>
      request({ path: withQuery('/users', { query }), answer: users, signal }),
  }
}

function chatApi(request: Request): ChatApi {
  return {
    conversations: (signal) =>
      request({ path: '/conversations', answer: contract.conversations, signal }),
    createConversation: (body) =>
      request({ method: 'POST', path: '/conversations', body, answer: contract.conversation }),
    messages: ({ conversationId, before, limit = 50 }, signal) =>
      request({
        path: withQuery(path`/conversations/${conversationId}/messages`, { before, limit }),
        answer: contract.messages,
        signal,
      }),
    sendMessage: (conversationId, body) =>
      request({
        method: 'POST',
        path: path`/conversations/${conversationId}/messages`,
        body,
        answer: contract.message,
      }),
    markRead: (conversationId, messageId) =>
      request({
        method: 'POST',
        path: path`/conversations/${conversationId}/read`,
        body: { messageId },
        answer: nothing,
      }),
  }
}

function callApi(request: Request): CallApi {
  const { call, calls } = contract
  const step = (name: string, sessionId: string, body: unknown = {}) =>
    request({ method: 'POST', path: path`/calls/${sessionId}/${name}`, body, answer: call })
  return {
    startCall: (body) => request({ method: 'POST', path: '/calls', body, answer: call }),
    findCall: (sessionId, signal) =>
      request({ path: path`/calls/${sessionId}`, answer: call, signal }),
    calls: (state, signal) =>
      request({ path: withQuery('/calls', { state }), answer: calls, signal }),
    acceptCall: (sessionId, body) => step('accept', sessionId, body),
    declineCall: (sessionId) => step('decline', sessionId),
    ringsHere: (sessionId, deviceId) =>
      request({
        method: 'POST',
        path: path`/calls/${sessionId}/ringing`,
        body: { deviceId },
        answer: nothing,
      }),
    cancelCall: (sessionId) => step('cancel', sessionId),
    endCall: (sessionId) => step('end', sessionId),
  }
}

function deviceApi(request: Request): DeviceApi {
  const { notificationPreferences } = contract
  return {
    pushConfig: (signal) => request({ path: '/push/config', answer: contract.pushConfig, signal }),
    subscriptions: (signal) =>
      request({ path: '/push-subscriptions', answer: contract.pushSubscriptions, signal }),
    renameSubscription: (id, deviceName) =>
      request({
        method: 'PATCH',
        path: path`/push-subscriptions/${id}`,
        body: { deviceName },
        answer: contract.pushSubscription,
      }),
    removeSubscription: (id) =>
      request({ method: 'DELETE', path: path`/push-subscriptions/${id}`, answer: nothing }),
    registerPhone: (body) =>
      request({
        method: 'POST',
        path: '/push-subscriptions/expo',
        body,
        answer: contract.pushSubscription,
      }),
    forgetPhone: (deviceId) =>
      request({
        method: 'DELETE',
        path: '/push-subscriptions/expo',
        body: { deviceId },
        answer: nothing,
      }),
    testNotification: (body) =>
      request({
        method: 'POST',
        path: '/push-subscriptions/test',
        body,
        answer: contract.testResults,
      }),
    preferences: (signal) =>
      request({ path: '/notification-preferences', answer: notificationPreferences, signal }),
    savePreferences: (body) =>
      request({
        method: 'PUT',
        path: '/notification-preferences',
        body,
        answer: notificationPreferences,
      }),
  }
}

/** Ids are opaque: whatever they hold must not leave their segment. */
function path(parts: TemplateStringsArray, ...ids: readonly string[]): string {
  return String.raw({ raw: parts }, ...ids.map(encodeURIComponent))
}

function withQuery(base: string, query: Record<string, string | number | undefined>): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value))
  }
  return parameters.size === 0 ? base : `${base}?${parameters.toString()}`
}
