import { memoryStore } from '@belfry/service-worker/record'
import type {
  BrowserEnvironment,
  HttpAnswer,
  HttpRequest,
  Permission,
  WorkerHandle,
  WorkerMessageEvent,
} from '../src/browser-environment.ts'
import type { SubscriptionHandle } from '../src/subscribe.ts'

export const nowMs = Date.parse('2026-11-21T10:00:00.000Z')

export const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0'
export const chrome =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36'
export const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1'
export const ipad =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15'

/** Three bytes make a key that is easy to read: `BAEC` is [4, 1, 2]. */
export const keyA = 'BAEC'
export const keyB = 'BAED'

export interface Request {
  readonly method: string
  readonly path: string
  readonly body: Record<string, unknown> | undefined
  readonly token: string | undefined
}

export interface FakeBrowserOptions {
  readonly environment?: Partial<BrowserEnvironment>
  readonly permission?: Permission
  /** What the person answers, and how long they take. */
  readonly prompt?: { readonly answer: Permission; readonly takesMs: number }
  /** Before each subscribe: throw or hang as the browser would. */
  readonly onSubscribe?: (key: string) => Promise<void>
  readonly answer?: (request: Request) => HttpAnswer | Error | undefined
  readonly elapsedMs?: readonly number[]
  readonly serverKey?: () => string
  readonly serverTime?: string
}

/** A browser with its permission, its one subscription and a Belfry server that answers as ours does. */
export function fakeBrowser(options: FakeBrowserOptions = {}) {
  let permission = options.permission ?? 'default'
  let clockMs = nowMs
  let count = 0
  let subscription: SubscriptionHandle | null = null
  const requests: Request[] = []
  const registered: string[] = []
  const shown: { tag: string; data: unknown; close(): void }[] = []
  const listeners = new Set<(event: WorkerMessageEvent) => void>()
  const log: string[] = []

  function makeSubscription(key: string): SubscriptionHandle {
    count += 1
    const endpoint = `https://push.example/${count}`
    return {
      endpoint,
      options: {
        applicationServerKey: Uint8Array.from(atob(key), (byte) => byte.charCodeAt(0)).buffer,
      },
      toJSON: () => ({ endpoint, expirationTime: null, keys: { p256dh: 'p', auth: 'a' } }),
      async unsubscribe() {
        log.push(`unsubscribe ${endpoint}`)
        subscription = null
        return true
      },
    }
  }

  const worker: WorkerHandle = {
    pushManager: {
      getSubscription: async () => subscription,
      async subscribe({ applicationServerKey }) {
        await options.onSubscribe?.(applicationServerKey)
        log.push(`subscribe ${applicationServerKey}`)
        return (subscription ??= makeSubscription(applicationServerKey))
      },
    },
    getNotifications: async (filter) =>
      shown.filter(({ tag }) => filter?.tag === undefined || tag === filter.tag),
  }

  async function fetch(url: string, { method, headers, body }: HttpRequest): Promise<HttpAnswer> {
    const request: Request = {
      method,
      path: url,
      body: body === undefined ? undefined : JSON.parse(body),
      token: headers.authorization?.replace('Bearer ', ''),
    }
    requests.push(request)
    const answer = options.answer?.(request) ?? asBelfry(request)
    if (answer instanceof Error) throw answer
    return answer
  }

  const rows = new Set<unknown>()
  function asBelfry({ method, path, body, token }: Request): HttpAnswer {
    if (path.endsWith('/api/push/config')) {
      const serverTime = options.serverTime ?? new Date(nowMs).toISOString()
      return json(200, { vapidPublicKey: options.serverKey?.() ?? keyA, serverTime })
    }
    if (token === undefined) return json(401, { code: 'unauthorized' })
    if (method === 'DELETE') return json(204, null)
    if (path.endsWith('/test')) return json(200, { results: [{ id: 'row', outcome: 'accepted' }] })
    const status = rows.has(body?.endpoint) ? 200 : 201
    rows.add(body?.endpoint)
    return json(status, device)
  }

  const environment: BrowserEnvironment = {
    userAgent: firefox,
    maxTouchPoints: 0,
    isBrave: false,
    isSecureContext: true,
    isStandalone: false,
    hasPushManager: true,
    notifications: {
      permission: () => permission,
      async request() {
        clockMs += options.prompt?.takesMs ?? 2_000
        permission = options.prompt?.answer ?? 'granted'
        return permission
      },
    },
    workers: {
      ready: Promise.resolve(worker),
      async register(url) {
        registered.push(url)
        return worker
      },
      getRegistration: async () => (registered.length > 0 ? worker : undefined),
      startMessages: () => log.push('startMessages'),
      addEventListener: (_type, listener) => listeners.add(listener),
      removeEventListener: (_type, listener) => listeners.delete(listener),
    },
    store: memoryStore(),
    fetch,
    now: () => clockMs,
    wait: (ms) => (options.elapsedMs?.includes(ms) ? Promise.resolve() : new Promise(() => {})),
    randomId: () => 'random-id',
    ...options.environment,
  }
  return {
    environment,
    requests,
    registered,
    shown,
    log,
    setPermission(next: Permission) {
      permission = next
    },
    dropSubscription() {
      subscription = null
    },
    subscription: () => subscription,
    saved: () => requests.filter(({ path }) => path.endsWith('/api/push-subscriptions')),
    /** A message of the worker; resolves with what the page answered on the port. */
    async tell(data: unknown): Promise<unknown[]> {
      const answers: unknown[] = []
      for (const listener of listeners) {
        listener({ data, ports: [{ postMessage: (answer) => answers.push(answer) }] })
      }
      await new Promise((resolve) => setImmediate(resolve))
      return answers
    },
  }
}

export const device = {
  id: 'row',
  kind: 'web-push',
  deviceName: 'Firefox, Linux',
  deviceId: 'random-id',
  host: 'push.example',
  createdAt: '2026-11-21T10:00:00.000Z',
  lastSeenAt: '2026-11-21T10:00:00.000Z',
  lastAcceptedAt: null,
  lastShownAt: null,
  lastError: null,
  renewToken: 'token',
}

export function json(status: number, body: unknown): HttpAnswer {
  return { ok: status >= 200 && status < 300, status, json: async () => body }
}
