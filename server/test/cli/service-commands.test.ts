import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runBelfryProcess } from '../support/belfry-process.ts'

const timeout = 30_000

test.each<[readonly string[], string, string]>([
  [['push-service', '--port', 'abc'], "'--port <number>' argument 'abc'", 'from 0 to 65535'],
  [['push-service', '--port', '65536'], "'--port <number>' argument '65536'", 'from 0 to 65535'],
  [['push-service', '--port', ''], "'--port <number>' argument ''", 'from 0 to 65535'],
  [['push-service', '--host', ''], "'--host <address>' argument ''", 'an address of this machine'],
  [['expo-service', '--port', '80.5'], "'--port <number>' argument '80.5'", 'from 0 to 65535'],
  [
    ['expo-service', '--receipt-delay', 'x'],
    "'--receipt-delay <seconds>' argument 'x'",
    'a number of seconds from 0 to 86400',
  ],
  [['expo-service', '--receipt-delay=-1'], "argument '-1'", 'a number of seconds from 0 to 86400'],
])(
  '%j is refused by flag and value, with what is allowed',
  { timeout },
  async (args, given, allowed) => {
    const belfry = runBelfryProcess({ args })
    expect(await belfry.ended).toBe(1)
    expect(belfry.output()).toContain(given)
    expect(belfry.output()).toContain(allowed)
    expect(belfry.output()).not.toMatch(/^\s+at |receiptDelayMs|options\.port/m)
  },
)

test.each(['push-service', 'expo-service'])(
  'a port that is taken is said by %s in the words of start',
  { timeout },
  async (command) => {
    const taken = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const belfry = runBelfryProcess({ args: [command, '--port', String(port)] })
    expect(await belfry.ended).toBe(1)
    expect(belfry.output()).toBe(
      `127.0.0.1:${port} is taken by another program. Stop that one, or set --port to a free port; --port 0 takes any. [PORT_IN_USE]\n`,
    )
  },
)

test(
  'an address that is not of this machine is said in the words of the flag',
  { timeout },
  async () => {
    const belfry = runBelfryProcess({
      args: ['expo-service', '--port', '0', '--host', '192.0.2.1'],
    })
    expect(await belfry.ended).toBe(1)
    expect(belfry.output()).toContain('Set --host to one')
    expect(belfry.output()).toContain('[HOST_UNKNOWN]')
  },
)

test('both start with what is allowed, and end with 0 at a signal', { timeout }, async () => {
  const flags = [
    ['push-service', '--port', '0', '--json'],
    ['expo-service', '--port', '0', '--json', '--receipt-delay', '0.5'],
  ]
  const services = flags.map((args) => runBelfryProcess({ args }))
  for (const service of services) {
    await service.printed('"listening"')
    service.signal('SIGTERM')
    expect(await service.ended).toBe(0)
  }
})

test.each(['--version', '-V'])(
  '%s prints the version, and ends with 0',
  { timeout },
  async (flag) => {
    const about: unknown = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
    )
    const belfry = runBelfryProcess({ args: [flag] })
    expect(await belfry.ended).toBe(0)
    expect(about).toMatchObject({ version: belfry.output().trim() })
  },
)
