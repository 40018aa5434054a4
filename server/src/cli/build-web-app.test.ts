import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildWebApp } from './build-web-app.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'belfry-root-'))
  for (const folder of ['apps/web/src', 'node_modules/vite/bin'])
    mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(join(root, 'apps/web/src/main.ts'), '')
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

/** What stands in the place of the builder. */
function builder(source: string): void {
  writeFileSync(join(root, 'node_modules/vite/bin/vite.js'), source)
}

const never = new AbortController().signal

test('a missing app is built and then served; built once, it is not built again', async () => {
  builder(`
    const { mkdirSync, writeFileSync } = require('node:fs')
    mkdirSync('dist')
    writeFileSync('dist/index.html', '')
  `)
  const said: string[] = []
  const say = (line: string) => said.push(line)
  expect(await buildWebApp(root, say, never)).toBe(join(root, 'apps/web/dist'))
  expect(await buildWebApp(root, say, never)).toBe(join(root, 'apps/web/dist'))
  expect(said).toEqual(['Building the web app…'])
})

test('a build that fails stops the start', async () => {
  builder('process.exitCode = 3')
  await expect(buildWebApp(root, () => {}, never)).rejects.toMatchObject({
    code: 'WEB_BUILD_FAILED',
  })
})

test('a build that is broken off ends at once, and the builder with it', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  builder(`require('node:net').connect(${port}, '127.0.0.1')`)
  const building = new Promise<Socket>((resolve) => server.once('connection', resolve))
  const stop = new AbortController()
  const refused = expect(buildWebApp(root, () => {}, stop.signal)).rejects.toMatchObject({
    name: 'AbortError',
  })
  const socket = await building
  const gone = once(socket.on('error', () => {}).resume(), 'close')
  stop.abort()
  await refused
  await gone
  server.close()
})
