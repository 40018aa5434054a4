import { expect, test } from '@jest/globals'
import { downloadAddress } from './download-address.ts'
import { fileName } from './file-name.ts'
import { isStranger, loadDecision } from './load-decision.ts'

const origin = 'https://chat.example'

function decide(url: string, isTopFrame = true) {
  return loadDecision({ url, isTopFrame }, origin)
}

test.each(['https://chat.example/', 'https://chat.example/chats/1', 'about:blank'])(
  '%s stays in the app',
  (url) => {
    expect(decide(url)).toBe('inside')
    expect(isStranger(url, origin)).toBe(false)
  },
)

test.each([
  'https://chat.example.evil.tld/',
  'https://chat.example@evil.tld/',
  'http://chat.example/',
  'https://news.example/',
])('%s opens in the browser, and is never left loaded in the app', (url) => {
  expect(decide(url)).toBe('outside')
  expect(isStranger(url, origin)).toBe(true)
})

test.each(['mailto:ana@example.org', 'tel:+4912345', 'sms:+4912345', 'geo:52,13'])(
  '%s opens the app for it',
  (url) => {
    expect(decide(url)).toBe('outside')
  },
)

test.each([
  'intent://x#Intent;scheme=https;end',
  'file:///data/data/x',
  'javascript:alert(1)',
  'data:text/html,x',
  'blob:https://chat.example/1',
  'content://contacts',
  'belfry://chats',
])('%s opens nothing', (url) => {
  expect(decide(url)).toBe('nothing')
})

test('a frame stays on the server, and never opens the browser by itself', () => {
  expect(decide('https://chat.example/frame', false)).toBe('inside')
  expect(decide('about:srcdoc', false)).toBe('inside')
  expect(decide('https://ads.example/', false)).toBe('nothing')
  expect(decide('tel:+4912345', false)).toBe('nothing')
})

test("the browser's own error page is not taken for a stranger, or it would load for ever", () => {
  expect(isStranger('chrome-error://chromewebdata/', origin)).toBe(false)
  expect(isStranger('', origin)).toBe(false)
})

test('only files of the server are downloaded', () => {
  expect(downloadAddress('/files/1', origin)).toBe('https://chat.example/files/1')
  expect(downloadAddress('https://chat.example/files/1', origin)).toBe(
    'https://chat.example/files/1',
  )
  expect(downloadAddress('//evil.tld/files/1', origin)).toBeUndefined()
  expect(downloadAddress('https://evil.tld/files/1', origin)).toBeUndefined()
  expect(downloadAddress('file:///etc/hosts', origin)).toBeUndefined()
})

test.each([
  ['report.pdf', 'report.pdf'],
  ['../../databases/RKStorage', 'RKStorage'],
  ['..\\..\\x.exe', 'x.exe'],
  ['.hidden', 'hidden'],
  ['Übung größer.pdf', 'Übung größer.pdf'],
  ['تقرير.pdf', 'تقرير.pdf'],
  ['invoice\u202Efdp.exe', 'invoice_fdp.exe'],
  ['a\nb:c*?.txt', 'a_b_c__.txt'],
  ['', 'file'],
  ['///', 'file'],
  [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(116)}.pdf`],
])('the file name %j becomes %j', (given, name) => {
  expect(fileName(given)).toBe(name)
})
