/** What we use of npm's `web-push`, which comes without types. */
declare module 'web-push' {
  import type { Agent } from 'node:https'

  export interface WebPushOptions {
    readonly vapidDetails: {
      readonly subject: string
      readonly publicKey: string
      readonly privateKey: string
    }
    readonly TTL: number
    readonly urgency: string
    readonly agent?: Agent
  }

  const webPush: {
    sendNotification(
      subscription: {
        readonly endpoint: string
        readonly keys: { readonly p256dh: string; readonly auth: string }
      },
      payload: string,
      options: WebPushOptions,
    ): Promise<{ readonly statusCode: number }>
  }
  // It is a CommonJS module: its exports are the default.
  export default webPush
}
