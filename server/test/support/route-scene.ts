import type { RouteScene } from './api-routes.ts'
import { at, type TestServer } from './test-server.ts'

/** Ana and her friend: a browser, a phone, a conversation with a message, a call that rings. */
export async function routeScene(server: TestServer): Promise<RouteScene> {
  const ana = await server.person('ana')
  const friend = await server.person('friend')
  const { id: subscriptionId, browser } = await ana.subscribe()
  const expoToken = server.expo.install()
  await ana.ask('POST', '/api/push-subscriptions/expo', { token: expoToken, deviceId: 'phone' })
  const conversation = await friend.ask('POST', '/api/conversations', { memberIds: [ana.id] })
  const conversationId = String(at(conversation.body, 'id'))
  const path = `/api/conversations/${conversationId}/messages`
  const message = await friend.ask('POST', path, { text: 'hello' })
  const arrived = browser.next((push) => at(push.json, 'type') === 'incoming_call')
  const call = await friend.ask('POST', '/api/calls', { calleeIds: [ana.id], media: 'audio' })
  const again = await ana.ask('POST', '/api/push-subscriptions', browser.toJSON())
  return {
    conversationId,
    messageId: String(at(message.body, 'id')),
    sessionId: String(at(call.body, 'sessionId')),
    subscriptionId,
    endpoint: browser.endpoint,
    expoToken,
    friendId: friend.id,
    receipt: String(at((await arrived).json, 'notification', 'data', 'receipt')),
    renewToken: String(at(again.body, 'renewToken')),
  }
}
