import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { build } from 'vite'

test('the built service worker weighs at most 4 kB gzipped', async () => {
  const entry = fileURLToPath(new URL('../src/sw.ts', import.meta.url))
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, lib: { entry, formats: ['iife'], name: 'sw', fileName: 'sw' } },
  })
  const bundles = Array.isArray(built) ? built : [built]
  const code = bundles
    .flatMap((bundle) => ('output' in bundle ? bundle.output : []))
    .map((chunk) => (chunk.type === 'chunk' ? chunk.code : ''))
    .join('')
  expect(code).toContain('notificationclick')
  expect(gzipSync(code).length).toBeLessThanOrEqual(4096)
})
