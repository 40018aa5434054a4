import { createServer } from 'node:tls'
import { startCheckinServer } from './google/checkin-server.ts'
import { startFcmEndpoint, type CannedAnswer, type ReceivedPush } from './google/fcm-endpoint.ts'
import { listenOnLoopback, type ListeningServer } from './loopback-server.ts'
import { serveMcsConnection, type McsConnection } from './google/mcs-connection.ts'
import {
  createGoogleSubscriptions,
  type GoogleMessage,
  type GoogleSubscription,
  type GoogleSubscriptions,
} from './google/subscriptions.ts'
import { createJournal, type Journal, type WaitOptions } from './journal.ts'
import type { TestCertificate } from './test-certificate.ts'

/** Debian's Chromium is given endpoints of the first, Google's own build of the second. */
const GOOGLE_PUSH_HOSTS = ['jmt17.google.com', 'fcm.googleapis.com'] as const

type Matcher<T> = (entry: T) => boolean

export interface FakeGooglePush {
  /** Point a stock Chromium at this fake. */
  readonly chromiumFlags: readonly string[]
  /** The sender's way here, as `PUSH_RESOLVE` takes it. */
  readonly resolve: string
  /** Where the HTTPS endpoint listens on loopback. */
  readonly endpointPort: number
  /** PEM of the authority that a sender must trust, and its file for `NODE_EXTRA_CA_CERTS`. */
  readonly ca: string
  readonly caFile: string
  /** Every request of a sender, refused ones too. */
  readonly pushes: readonly ReceivedPush[]
  /** Armed when called, as are the others: the next request of a sender that matches. */
  readonly waitForPush: (
    matches: Matcher<ReceivedPush>,
    options?: WaitOptions,
  ) => Promise<ReceivedPush>
  /** A browser has got the message and said so: it will not be sent again. */
  readonly waitForAcknowledged: (
    matches: Matcher<GoogleMessage>,
    options?: WaitOptions,
  ) => Promise<GoogleMessage>
  readonly waitForUnregistered: (
    matches: Matcher<GoogleSubscription>,
    options?: WaitOptions,
  ) => Promise<GoogleSubscription>
  readonly waitForLogin: (options?: WaitOptions) => Promise<string>
  /** Whether the browser has given this registration up. */
  readonly unregistered: (token: string) => boolean
  /** Whether some browser is connected now and can be reached at once. */
  readonly online: () => boolean
  /** An endpoint of a browser that is always away: for a sender's tests that need no Chromium. */
  readonly subscribe: (vapidPublicKey: string) => {
    readonly endpoint: string
    readonly token: string
  }
  /** The next request, for this token or any, gets this answer and goes no further. */
  readonly answerNext: (answer: CannedAnswer, token?: string) => void
  readonly close: () => Promise<void>
}

/**
 * Google's part in a Chromium's web push, on loopback: device checkin and registration (HTTP), the
 * Mobile Connection Server (TLS) and the endpoint for senders (HTTPS). Messages are stored while
 * the browser is away, as long as their TTL, newest per Topic, and until they are acknowledged.
 */
export async function startFakeGooglePush(certificate: TestCertificate): Promise<FakeGooglePush> {
  const state = createState()
  const checkin = await startCheckinServer({
    subscriptions: state.subscriptions,
    onRegistered: () => undefined,
    onUnregistered: state.unregistrations.record,
  })
  const mcs = await startMcsServer(certificate, state)
  const canned: { answer: CannedAnswer; token: string | undefined }[] = []
  const endpoint = await startFcmEndpoint({
    certificate: certificate.certificate,
    key: certificate.key,
    subscriptions: state.subscriptions,
    online: (androidId) => state.connections.has(androidId),
    nextAnswer: (token) => {
      const index = canned.findIndex((each) => (each.token ?? token) === token)
      return index === -1 ? undefined : canned.splice(index, 1)[0]?.answer
    },
    onMessage: (message) => state.deliver(message),
    onPush: state.pushes.record,
  })
  return {
    chromiumFlags: [
      `--gcm-checkin-url=http://localhost:${checkin.port}/checkin`,
      `--gcm-registration-url=http://localhost:${checkin.port}/register`,
      `--gcm-mcs-endpoint=https://localhost:${mcs.port}`,
      `--ignore-certificate-errors-spki-list=${certificate.spkiHash}`,
    ],
    resolve: GOOGLE_PUSH_HOSTS.map((host) => `${host}:443=127.0.0.1:${endpoint.port}`).join(','),
    endpointPort: endpoint.port,
    ca: certificate.ca,
    caFile: certificate.caFile,
    pushes: state.pushes.entries,
    waitForPush: state.pushes.next,
    waitForAcknowledged: state.acknowledged.next,
    waitForUnregistered: state.unregistrations.next,
    waitForLogin: (options) =>
      state.logins.next(() => true, { awaited: 'a Chromium to log in', ...options }),
    unregistered: (token) => state.subscriptions.find(token) === 'gone',
    online: () => state.connections.size > 0,
    subscribe: (vapidPublicKey) => {
      const absent = { androidId: '0', subtype: 'absent', app: 'absent', sender: vapidPublicKey }
      const { token } = state.subscriptions.register(absent)
      return { token, endpoint: `https://${GOOGLE_PUSH_HOSTS[0]}/fcm/send/${token}` }
    },
    answerNext: (answer, token) => {
      canned.push({ answer, token })
    },
    close: async () => {
      state.close()
      await Promise.all([checkin, mcs, endpoint].map((server) => server.close()))
    },
  }
}

interface State {
  readonly subscriptions: GoogleSubscriptions
  readonly connections: Map<string, McsConnection>
  readonly pushes: Journal<ReceivedPush>
  readonly acknowledged: Journal<GoogleMessage>
  readonly unregistrations: Journal<GoogleSubscription>
  readonly logins: Journal<string>
  readonly deliver: (message: GoogleMessage) => void
  readonly acknowledge: (persistentIds: readonly string[]) => void
  readonly close: () => void
}

function createState(): State {
  const subscriptions = createGoogleSubscriptions()
  const connections = new Map<string, McsConnection>()
  const inFlight = new Map<string, GoogleMessage>()
  const journals = {
    pushes: createJournal<ReceivedPush>({
      name: 'pushes',
      describe: ({ status, ttlSeconds, topic }) => `${status} TTL ${ttlSeconds} topic ${topic}`,
    }),
    acknowledged: createJournal<GoogleMessage>({
      name: 'acknowledged messages',
      describe: ({ persistentId, topic }) => `${persistentId} topic ${topic}`,
    }),
    unregistrations: createJournal<GoogleSubscription>({
      name: 'unregistrations',
      describe: ({ subtype }) => subtype,
    }),
    logins: createJournal<string>({ name: 'logins', describe: (id) => id, timeoutMs: 20_000 }),
  }
  return {
    subscriptions,
    connections,
    ...journals,
    deliver: (message) => {
      inFlight.set(message.persistentId, message)
      connections.get(message.subscription.androidId)?.deliver(message)
    },
    acknowledge: (persistentIds) => {
      subscriptions.acknowledge(persistentIds)
      for (const persistentId of persistentIds) {
        const message = inFlight.get(persistentId)
        inFlight.delete(persistentId)
        if (message !== undefined) journals.acknowledged.record(message)
      }
    },
    close: () => {
      for (const journal of Object.values(journals)) journal.close()
    },
  }
}

function startMcsServer(certificate: TestCertificate, state: State): Promise<ListeningServer> {
  const { certificate: cert, key } = certificate
  const server = createServer({ cert, key }, (socket) => {
    let androidId = ''
    const connection = serveMcsConnection({
      socket,
      onLogin: (id) => {
        androidId = id
        state.connections.set(id, connection)
        for (const message of state.subscriptions.due(id, Date.now())) state.deliver(message)
        state.logins.record(id)
      },
      onAcknowledged: state.acknowledge,
    })
    socket.on('error', () => {
      // A browser that is killed resets its socket; `close` follows and is what counts.
    })
    socket.on('close', () => {
      if (state.connections.get(androidId) === connection) state.connections.delete(androidId)
    })
  })
  return listenOnLoopback(server)
}
