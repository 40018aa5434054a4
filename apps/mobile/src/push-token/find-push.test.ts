import { expect, test } from '@jest/globals'
import { findPush, type PushSource } from './find-push.ts'

const phone: PushSource = {
  platform: 'android',
  deviceName: 'Pixel 9',
  appVersion: '1.0.0',
  projectId: 'project-1',
  permission: async () => 'granted',
  expoToken: async (projectId) => `ExponentPushToken[${projectId}]`,
  deviceId: async () => 'device-1',
  drawsRings: async () => true,
}

test('a phone that may notify tells the page its token and all that registering needs', async () => {
  expect(await findPush(phone)).toEqual({
    permission: 'granted',
    token: {
      v: 1,
      type: 'EXPO_PUSH_TOKEN',
      token: 'ExponentPushToken[project-1]',
      platform: 'android',
      deviceId: 'device-1',
      projectId: 'project-1',
      deviceName: 'Pixel 9',
      appVersion: '1.0.0',
      drawsRings: true,
    },
  })
})

test('no token is asked for before the person has allowed notifications', async () => {
  const asked: string[] = []
  const source: PushSource = {
    ...phone,
    permission: async () => 'undetermined',
    async expoToken(projectId) {
      asked.push(projectId)
      return 'x'
    },
  }
  expect(await findPush(source)).toEqual({ permission: 'undetermined' })
  expect(asked).toEqual([])
})

test('an app built without an Expo project says so', async () => {
  expect(await findPush({ ...phone, projectId: undefined })).toEqual({
    permission: 'granted',
    trouble: 'no_project',
  })
})

test('a phone without a network has no token for now', async () => {
  const source: PushSource = { ...phone, expoToken: () => Promise.reject(new Error('offline')) }
  expect(await findPush(source)).toEqual({ permission: 'granted', trouble: 'no_token' })
})

test('a phone that cannot draw rings by itself says so', async () => {
  const facts = await findPush({ ...phone, drawsRings: async () => false })
  expect(facts.token?.drawsRings).toBe(false)
})
