import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { build } from 'vite'

test('the built SDK weighs at most 8 kB gzipped', async () => {
  const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url))
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, lib: { entry, formats: ['iife'], name: 'belfry', fileName: 'belfry' } },
  })
  const bundles = Array.isArray(built) ? built : [built]
  const code = bundles
    .flatMap((bundle) => ('output' in bundle ? bundle.output : []))
    .map((chunk) => (chunk.type === 'chunk' ? chunk.code : ''))
    .join('')
  expect(code).toContain('subscribe_timeout')
  expect(gzipSync(code).length).toBeLessThanOrEqual(8192)
})
