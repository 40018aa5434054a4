import { BackgroundNotificationTaskResult, registerTaskAsync } from 'expo-notifications'
import { defineTask } from 'expo-task-manager'
import { readTaskPayload } from '../notifications/read-task-payload.ts'
import type { Parts } from './parts.ts'

/** The system remembers it over restarts: never change it. */
export const backgroundTask = 'belfry-push'

/**
 * Has to be called while the app's first module loads: for a push in the background the system
 * starts the app's script without any screen and runs this.
 */
export function defineBackgroundTask({ onPush, onResponse }: Parts): void {
  defineTask(backgroundTask, async ({ data, error }) => {
    if (error !== null) return BackgroundNotificationTaskResult.Failed
    const payload = readTaskPayload(data)
    switch (payload.kind) {
      case 'push':
        await onPush(payload.data)
        return BackgroundNotificationTaskResult.NewData
      case 'response':
        // What opens the app is handled by the app when it is open.
        if (payload.response.action === 'decline') await onResponse(payload.response)
        return BackgroundNotificationTaskResult.NewData
      case 'nothing':
        return BackgroundNotificationTaskResult.NoData
    }
  })
}

/** Never rejects: without the task the page registers this phone for pushes with a title. */
export async function registerBackgroundTask(): Promise<void> {
  try {
    await registerTaskAsync(backgroundTask)
  } catch {
    // The system refuses (background work turned off, say); `drawsRings` tells the page.
  }
}
