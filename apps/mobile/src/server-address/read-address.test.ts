import { expect, test } from '@jest/globals'
import { readAddress } from './read-address.ts'

const shipped = { allowsPrivateHttp: false }
const development = { allowsPrivateHttp: true }

test.each([
  ['chat.example.org', 'https://chat.example.org'],
  ['  https://chat.example.org/  ', 'https://chat.example.org'],
  ['https://chat.example.org/chats/123?x#y', 'https://chat.example.org'],
  ['HTTPS://Chat.Example.org', 'https://chat.example.org'],
  ['chat.example.org:8443', 'https://chat.example.org:8443'],
  ['https://192.168.1.4:8443', 'https://192.168.1.4:8443'],
])('%j is the server %s', (text, origin) => {
  expect(readAddress(text, shipped)).toEqual({ kind: 'address', origin })
})

test.each(['http://chat.example.org', 'http://localhost:8080', 'http://192.168.1.4'])(
  'the shipped app does not talk plainly to %s',
  (text) => {
    expect(readAddress(text, shipped)).toEqual({ kind: 'wrong', reason: 'not_https' })
  },
)

test.each([
  'http://localhost:8080',
  'http://127.0.0.1:8080',
  'http://10.0.2.2:8080',
  'http://172.31.0.9',
  'http://192.168.1.4',
  'http://studio.local:8080',
  'http://[::1]:8080',
  'http://[fd12:3456::1]',
])('a development build may talk plainly to %s', (text) => {
  expect(readAddress(text, development)).toEqual({ kind: 'address', origin: text })
})

test.each([
  'http://chat.example.org',
  'http://172.32.0.1',
  'http://11.0.0.1',
  'http://127.0.0.1.evil.tld',
  'http://localhost.evil.tld',
])('no build talks plainly to %s', (text) => {
  expect(readAddress(text, development)).toEqual({ kind: 'wrong', reason: 'not_https' })
})

test.each([
  'not an address',
  'ftp://chat.example',
  'javascript:alert(1)',
  'https://',
  'ana@chat.example',
  'chat..\\x',
])('%j is not an address', (text) => {
  expect(readAddress(text, development)).toEqual({ kind: 'wrong', reason: 'not_an_address' })
})

test('an empty field asks for an address', () => {
  expect(readAddress('  ', shipped)).toEqual({ kind: 'wrong', reason: 'empty' })
})
