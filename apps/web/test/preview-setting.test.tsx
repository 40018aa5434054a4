import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { PreviewSetting, type PreviewSettingProps } from '../src/ui/settings/preview-setting.tsx'

afterEach(cleanup)

const encrypted = 'Sender and message. Both travel encrypted to your device.'
const readable =
  'Sender and message. On the way to a phone, Expo and Google or Apple could read them.'
const sender = 'Who wrote, not what.'

test.each<[string, Pick<PreviewSettingProps, 'preview' | 'inApp' | 'hasApp'>, string]>([
  ['a browser alone', { preview: 'full', inApp: false, hasApp: false }, encrypted],
  ['a browser, nothing chosen', { preview: 'auto', inApp: false, hasApp: true }, encrypted],
  ['a browser beside an app', { preview: 'full', inApp: false, hasApp: true }, readable],
  ['the app', { preview: 'full', inApp: true, hasApp: true }, readable],
  ['the app, nothing chosen', { preview: 'auto', inApp: true, hasApp: true }, sender],
])('in %s it says who could read a message', (_where, props, words) => {
  render(<PreviewSetting {...props} problem={null} onChange={() => undefined} />)
  expect(screen.getByText(words)).toBeDefined()
})
