import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createLog } from './log.ts'

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = ''
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString()
      done()
    },
  })
  write(createLog({ level: 'info', format: 'json', sink }))
  return text
}

test('a line is one JSON object with level, time and words', () => {
  const line: unknown = JSON.parse(
    logged((log) => log.info({ host: 'push.example' }, 'Bus started')),
  )
  expect(line).toMatchObject({ level: 30, host: 'push.example', msg: 'Bus started' })
})

test('what must never be printed is hidden, should a mistake ever log it', () => {
  const secrets = {
    authorization: 'vapid canary-1',
    endpoint: 'https://push/canary-2',
    p256dh: 'canary-3',
    auth: 'canary-4',
    token: 'canary-5',
    text: 'canary-6',
    password: 'canary-7',
    receipt: 'canary-8',
  }
  const text = logged((log) => {
    log.error({ device: secrets, ...secrets }, 'a mistake')
    log.error({ err: Object.assign(new Error('broken'), secrets) }, 'another')
  })
  expect(text).toContain('a mistake')
  expect(text).not.toContain('canary')
})
