import { browserKeys, newEndpoint, subscriptionAt } from './browser-keys.ts'
import { testPassword } from './test-server.ts'

/** Whose things the paths and bodies name. */
export interface RouteScene {
  readonly conversationId: string
  readonly messageId: string
  readonly sessionId: string
  readonly subscriptionId: string
  readonly endpoint: string
  readonly expoToken: string
  readonly friendId: string
  readonly receipt: string
  readonly renewToken: string
}

export interface RouteRow {
  /** `token`: 401 without one. `capability`: 401 without a token and without one in the body. */
  readonly access: 'public' | 'token' | 'capability'
  /** What a person who has no part in the scene is answered. */
  readonly stranger: number
  /** A body that is right; absent when the route takes none. */
  readonly body?: (scene: RouteScene) => unknown
}

/** A row for every route of the OpenAPI document. A new route without one fails `every-route.test.ts`. */
export const apiRoutes: Readonly<Record<string, RouteRow>> = {
  'GET /healthz': { access: 'public', stranger: 200 },
  'GET /readyz': { access: 'public', stranger: 200 },
  'GET /metrics': { access: 'public', stranger: 200 },
  'POST /api/auth/register': {
    access: 'public',
    stranger: 409,
    body: () => ({
      username: 'ana',
      password: testPassword,
      displayName: 'Ana',
      email: 'ana@example.com',
      phone: '+385912345678',
    }),
  },
  'POST /api/auth/login': {
    access: 'public',
    stranger: 401,
    body: () => ({ username: 'ana', password: 'wrong horse' }),
  },
  'POST /api/auth/logout': {
    access: 'token',
    stranger: 204,
    body: (scene) => ({ deviceId: scene.subscriptionId }),
  },
  'GET /api/me': { access: 'token', stranger: 200 },
  'PATCH /api/me': {
    access: 'token',
    stranger: 200,
    body: () => ({ displayName: 'Somebody', email: null, phone: null, locale: 'en' }),
  },
  'GET /api/users': { access: 'token', stranger: 200 },
  'GET /api/push/config': { access: 'public', stranger: 200 },
  'POST /api/push-subscriptions': {
    access: 'token',
    stranger: 409,
    body: (scene) => ({
      ...subscriptionAt(scene.endpoint),
      deviceId: 'device',
      deviceName: 'Desk',
    }),
  },
  'GET /api/push-subscriptions': { access: 'token', stranger: 200 },
  'DELETE /api/push-subscriptions': {
    access: 'token',
    stranger: 404,
    body: (scene) => ({ endpoint: scene.endpoint }),
  },
  'PATCH /api/push-subscriptions/{id}': {
    access: 'token',
    stranger: 404,
    body: () => ({ deviceName: 'Kitchen' }),
  },
  'DELETE /api/push-subscriptions/{id}': { access: 'token', stranger: 404 },
  'POST /api/push-subscriptions/renew': {
    access: 'capability',
    stranger: 404,
    body: (scene) => ({
      oldEndpoint: scene.endpoint,
      subscription: { endpoint: newEndpoint(), ...browserKeys() },
    }),
  },
  'POST /api/push-subscriptions/test': {
    access: 'token',
    stranger: 404,
    body: (scene) => ({ id: scene.subscriptionId, kind: 'call' }),
  },
  'POST /api/push-subscriptions/expo': {
    access: 'token',
    stranger: 409,
    body: (scene) => ({
      token: scene.expoToken,
      platform: 'android',
      deviceId: 'device',
      deviceName: 'Pocket',
      appVersion: '1.0.0',
      projectId: 'project',
    }),
  },
  'DELETE /api/push-subscriptions/expo': {
    access: 'token',
    stranger: 404,
    body: (scene) => ({ token: scene.expoToken }),
  },
  'POST /api/push-receipts': {
    access: 'public',
    stranger: 204,
    body: (scene) => ({ receipt: scene.receipt, event: 'dismissed' }),
  },
  'POST /api/conversations': {
    access: 'token',
    stranger: 201,
    body: (scene) => ({ memberIds: [scene.friendId], title: 'Trip' }),
  },
  'GET /api/conversations': { access: 'token', stranger: 200 },
  'GET /api/conversations/{id}': { access: 'token', stranger: 404 },
  'GET /api/conversations/{id}/messages': { access: 'token', stranger: 404 },
  'POST /api/conversations/{id}/messages': {
    access: 'token',
    stranger: 404,
    body: () => ({ text: 'hello', clientMessageId: 'c-1' }),
  },
  'POST /api/conversations/{id}/read': {
    access: 'token',
    stranger: 404,
    body: (scene) => ({ messageId: scene.messageId }),
  },
  'POST /api/calls': {
    access: 'token',
    stranger: 201,
    body: (scene) => ({ calleeIds: [scene.friendId], media: 'audio' }),
  },
  'GET /api/calls': { access: 'token', stranger: 200 },
  'GET /api/calls/{sessionId}': { access: 'token', stranger: 404 },
  'POST /api/calls/{sessionId}/accept': {
    access: 'token',
    stranger: 404,
    body: () => ({ deviceId: 'device' }),
  },
  'POST /api/calls/{sessionId}/decline': {
    access: 'capability',
    stranger: 404,
    body: () => ({ deviceId: 'device' }),
  },
  'POST /api/calls/{sessionId}/ringing': {
    access: 'token',
    stranger: 404,
    body: () => ({ deviceId: 'device' }),
  },
  'POST /api/calls/{sessionId}/cancel': { access: 'token', stranger: 404, body: () => ({}) },
  'POST /api/calls/{sessionId}/end': { access: 'token', stranger: 404, body: () => ({}) },
  'GET /api/notification-preferences': { access: 'token', stranger: 200 },
  'PUT /api/notification-preferences': {
    access: 'token',
    stranger: 200,
    body: () => ({
      chat: true,
      calls: true,
      preview: 'auto',
      muted: [{ conversationId: 'c', until: null }],
    }),
  },
}

/** Method and path of a row, with the scene's own ids in it. */
export function requestOf(name: string, scene: RouteScene): { method: string; path: string } {
  const [method = '', template = ''] = name.split(' ')
  const id = template.includes('/conversations/') ? scene.conversationId : scene.subscriptionId
  const path = template.replace('{id}', id).replace('{sessionId}', scene.sessionId)
  return { method, path }
}
