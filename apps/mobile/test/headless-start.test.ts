import { expect, test } from '@jest/globals'
import { isTaskDefined } from 'expo-task-manager'
import { AppRegistry } from 'react-native'

test('the task that draws rings stands as soon as the script has run, without any screen', () => {
  expect(isTaskDefined('belfry-push')).toBe(false)
  require('../index.ts')
  expect(isTaskDefined('belfry-push')).toBe(true)
  expect(AppRegistry.getAppKeys()).toContain('main')
})
