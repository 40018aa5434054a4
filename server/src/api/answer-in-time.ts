import type { App } from './app.ts'

/** Whoever asks is told within five seconds that it cannot be done now. */
const answerWithinMs = 4900

/** Push services are asked while the client waits, for up to ten seconds. */
const patientRoutes: ReadonlyMap<string, number> = new Map([
  ['/api/push-subscriptions/test', 15_000],
])

/**
 * A store that hangs rejects within five seconds by itself; one that is slow at every step of a request does not.
 * Pages and files are not counted: their time is the reader's line.
 */
export function answerInTime(app: App): void {
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/api/'))
      route.handlerTimeout = patientRoutes.get(route.url) ?? answerWithinMs
  })
}
