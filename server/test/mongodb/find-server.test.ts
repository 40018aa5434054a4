import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findServer } from './find-server.ts'

const cacheDir = join(tmpdir(), 'belfry-never-made')

test('a server that the environment names is used, and not stopped', async () => {
  const url = 'mongodb://db.example:27017/'
  const found = await findServer({ environment: { MONGODB_TEST_URL: url }, cacheDir })
  expect(found).toMatchObject({ url })
})

test('without any server the reason says what would help', async () => {
  const found = await findServer({ environment: { PATH: '' }, cacheDir, goDir: '/nowhere' })
  expect(found).toContain('set MONGODB_TEST_URL, or put mongod on PATH')
  expect(found).toContain('Go 1.25')
})

test('a mongod that does not start is a reason, not a hanging run', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'belfry-no-mongod-'))
  writeFileSync(join(dir, 'mongod'), '#!/bin/sh\nexit 1\n')
  chmodSync(join(dir, 'mongod'), 0o755)
  const found = await findServer({ environment: { PATH: dir }, cacheDir })
  expect(found).toContain('does not start')
  rmSync(dir, { recursive: true })
})
