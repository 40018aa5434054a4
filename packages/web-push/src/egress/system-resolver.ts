import { lookup } from 'node:dns/promises'
import type { Resolver } from './resolver.ts'

/** The machine's own resolver, with its hosts file, as every other program here uses it. */
export const systemResolver: Resolver = (hostname) => lookup(hostname, { all: true })
