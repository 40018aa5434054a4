import { mkdirSync, rmdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { emptyFolder } from '../support/belfry-process.ts'
import { startTestServer } from '../support/test-server.ts'

/**
 * The reserve cannot be written, as on a full disk; then something is in its place, so that it stays so until the
 * test makes room.
 */
test('on a full disk the API refuses with when to ask again, and goes on by itself once there is room', async () => {
  const dataDir = emptyFolder()
  const reserve = join(dataDir, 'belfry.reserve')
  symlinkSync('/dev/full', reserve)
  const server = await startTestServer({ dataDir })
  onTestFinished(() => server.close())
  mkdirSync(reserve)

  const body = { username: 'ana', password: 'correct horse' }
  const register = () => server.ask({ method: 'POST', path: '/api/auth/register', body })
  const refused = await register()
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('2')
  expect(refused.body).toMatchObject({ code: 'STORE_UNAVAILABLE' })
  const ready = await server.ask({ method: 'GET', path: '/readyz' })
  expect(ready.status).toBe(503)
  expect(ready.body).toMatchObject({ missing: ['store', 'broker'] })
  expect((await server.ask({ method: 'GET', path: '/healthz' })).status).toBe(200)
  expect((await server.ask({ method: 'GET', path: '/metrics' })).status).toBe(200)

  rmdirSync(reserve)
  await expect.poll(async () => (await register()).status, { timeout: 20_000 }).toBe(201)
  expect((await server.ask({ method: 'GET', path: '/readyz' })).status).toBe(200)
})
