import { expect, test } from 'vitest'
import { databaseName } from './database-name.ts'

test.each([
  ['mongodb://localhost/belfry', 'belfry'],
  ['mongodb://a:27017,b:27018,c/belfry?replicaSet=rs0', 'belfry'],
  ['mongodb://user:p%40ss@host:1/chat%20app', 'chat app'],
  ['mongodb+srv://user:pw@cluster.example/belfry?w=1', 'belfry'],
])('%s names %s', (url, name) => {
  expect(databaseName(url)).toBe(name)
})

test.each([
  ['mongodb://user:secret@host:27017', 'must name a database'],
  ['mongodb://user:secret@host:27017/?tls=true', 'must name a database'],
  ['postgres://user:secret@host/belfry', 'must begin with mongodb://'],
  ['mongodb:///belfry', 'must begin with mongodb://'],
])('%s is refused, and its password is not in the message', (url, problem) => {
  expect(() => databaseName(url)).toThrow(
    expect.objectContaining({
      code: 'STORE_URL_INVALID',
      message: expect.stringContaining(problem),
    }),
  )
  expect(() => databaseName(url)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('secret') }),
  )
})
