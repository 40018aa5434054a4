#!/usr/bin/env -S node --max-semi-space-size=8 --initial-old-space-size=40 --heap-growing-percent=50 --no-concurrent-recompilation
// Plain JavaScript, so that a start whose sources are compiled already loads no TypeScript compiler:
// 18 MB. The settings above keep the rest small, because V8 would let garbage grow to three times what
// lives: docs/decisions/0017-a-small-heap.md.
import { enableCompileCache } from 'node:module'

// Before anything else is loaded: half of a start is compiling what was compiled before.
enableCompileCache()
await import('../src/main.ts')
