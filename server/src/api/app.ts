import type { FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import type { Accounts, Identity } from '../people/accounts.ts'
import type { Calls } from '../calls/calls.ts'
import type { Chat } from '../chat/chat.ts'
import type { Capabilities } from '../delivery/capabilities.ts'
import type { TestNotification } from '../delivery/test-notification.ts'
import type { Withdraw } from '../delivery/withdraw.ts'
import type { DeviceRegistry } from '../devices/device-registry.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Announce } from '../broker/announce.ts'
import type { Store } from '../store/port.ts'
import type { AllowedHosts } from '@belfry/web-push'
import type { Limits } from './limits.ts'

/** Fastify with zod schemas: a route's types are its schema's. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  Logger,
  ZodTypeProvider
>

/** What the API is made of. */
export interface ApiParts {
  readonly store: Store
  readonly accounts: Accounts
  readonly chat: Chat
  readonly calls: Calls
  readonly registry: DeviceRegistry
  readonly capabilities: Capabilities
  readonly testNotification: TestNotification
  readonly withdraw: Withdraw
  readonly announce: Announce
  readonly metrics: Metrics
  readonly allowedHosts: AllowedHosts
  /** Current first. */
  readonly vapidPublicKeys: readonly string[]
  readonly ringTimeoutSeconds: number
  /** Of the service that leads to phones; shown to their owners. */
  readonly expoHost: string
  readonly publicUrl: string
  readonly allowedOrigins: readonly string[]
  /** Resolves when this process can do its work; for `/readyz`. */
  readonly ready: () => Promise<void>
  readonly now: () => number
  /** Folder of the built web app; null when there is none. */
  readonly webDir: string | null
}

/** What the routes are made of. */
export interface ApiContext extends ApiParts {
  readonly limits: Limits
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `authenticate`. */
    identity: Identity | null
  }
}

/** The person who asks. For routes behind `authenticate`. */
export function whoAsks(request: Pick<FastifyRequest, 'identity'>): Identity {
  if (request.identity === null) throw new Error('whoAsks on a route without authenticate')
  return request.identity
}
