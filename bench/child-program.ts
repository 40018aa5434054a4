import { fork } from 'node:child_process'
import { join } from 'node:path'
import { textIn } from './field.ts'

/** A program of this folder that runs in a process of its own and exchanges messages `{kind, …}`. */
export interface ChildProgram {
  readonly pid: number
  send(message: { readonly kind: string } & Readonly<Record<string, unknown>>): void
  /** The next message of that kind; rejects when the program ends before. */
  next(kind: string): Promise<unknown>
  onMessage(kind: string, listener: (message: unknown) => void): void
  /** Lets it go; resolves once it has ended. */
  close(): Promise<void>
}

export function startChild(file: string, env: Readonly<Record<string, string>> = {}): ChildProgram {
  const child = fork(join(import.meta.dirname, file), { env: { ...process.env, ...env } })
  const listeners = new Map<string, (message: unknown) => void>()
  const waiters = new Map<string, { resolve(message: unknown): void; reject(cause: Error): void }>()
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      for (const { reject } of waiters.values())
        reject(new Error(`${file} ended with ${signal ?? code} while it was needed`))
      resolve()
    })
  })
  child.on('message', (message: unknown) => {
    const kind = textIn(message, 'kind')
    listeners.get(kind)?.(message)
    waiters.get(kind)?.resolve(message)
    waiters.delete(kind)
  })
  return {
    pid: child.pid ?? 0,
    send: (message) => {
      child.send(message)
    },
    next: (kind) => new Promise((resolve, reject) => waiters.set(kind, { resolve, reject })),
    onMessage: (kind, listener) => {
      listeners.set(kind, listener)
    },
    async close() {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}
