import { notificationPreferences, notificationPreferencesBody } from '@belfry/contracts'
import { whoAsks, type ApiContext, type App } from './app.ts'
import { authenticate } from './authenticate.ts'

export function notificationPreferenceRoutes(app: App, context: ApiContext): void {
  const onRequest = authenticate(context.accounts)
  const { preferences } = context.store

  app.get(
    '/api/notification-preferences',
    {
      onRequest,
      schema: {
        tags: ['preferences'],
        summary: 'What rings, and what it shows',
        response: { 200: notificationPreferences },
      },
    },
    async (request) =>
      (await preferences.get(whoAsks(request).userId)) ?? notificationPreferences.parse({}),
  )

  app.put(
    '/api/notification-preferences',
    {
      onRequest,
      schema: {
        tags: ['preferences'],
        summary: 'Set all of it',
        description:
          'What is left out goes back to its default. A field that is not here is refused by its name; `quietHours` and `missedCall`, which are not supported yet, pass only while they are off.',
        body: notificationPreferencesBody,
        response: { 200: notificationPreferences },
      },
    },
    async (request) => {
      await preferences.put(whoAsks(request).userId, request.body)
      return request.body
    },
  )
}
