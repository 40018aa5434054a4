import type { BelfryBrowser, PendingAction, WorkerMessageHandler } from '@belfry/browser'
import type { Call, User, WorkerToPage } from '@belfry/contracts'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import { createMemoryRouter, Outlet, RouterProvider } from 'react-router'
import { AppContext } from '../../../app/app-context.ts'
import { LiveContext } from '../../../app/live-context.ts'
import { createApp } from '../../../model/app.ts'
import { createAttention } from '../../../model/attention.ts'
import { browserClock } from '../../../model/clock.ts'
import { createDrafts } from '../../../model/drafts.ts'
import type { Live } from '../../../model/live.ts'
import { createOutbox } from '../../../model/outbox.ts'
import { createRealtime } from '../../../model/realtime.ts'
import { ringApi } from '../../../model/ring-api.ts'
import { createRing } from '../../../model/ring.ts'
import { memoryStorage } from '../../../model/storage.ts'
import { createToasts } from '../../../model/toasts.ts'
import { CallPage } from '../../../pages/calls/call-page.tsx'
import { IncomingCallPage } from '../../../pages/calls/incoming-call-page.tsx'
import { IncomingCallDialog } from '../incoming-call-dialog.tsx'

const bob: User = { id: 'bob', username: 'bob', displayName: 'Bob' }

/** A video call from Ana to Bob that has been ringing for four seconds. */
export function ringingCall(change: Partial<Call> = {}): Call {
  const nowMs = Date.now()
  const iso = (afterMs: number) => new Date(nowMs + afterMs).toISOString()
  return {
    sessionId: 'call-1',
    state: 'ringing',
    callerId: 'ana',
    callerName: 'Ana Ferreira',
    calleeIds: ['bob'],
    callees: [{ id: 'bob', displayName: 'Bob', state: 'ringing' }],
    media: 'video',
    conversationId: null,
    startedAt: iso(-4000),
    ringExpiresAt: iso(26_000),
    acceptedAt: null,
    endedAt: null,
    devices: { notified: 1, ringing: [] },
    serverTime: iso(0),
    ...change,
  }
}

export interface RingAppOptions {
  readonly path: string
  /** Answers by method and path, `POST /api/calls/call-1/accept`; a number is a refusal with that status. */
  readonly answers?: Readonly<Record<string, unknown>>
  readonly pending?: PendingAction
}

/** The call pages and the dialog around them, with a server of answers and a service worker that one can speak for. */
export function openRingApp({ path, answers = {}, pending }: RingAppOptions) {
  const asked: string[] = []
  let say: WorkerMessageHandler = () => false
  const app = createApp({
    storage: memoryStorage(),
    queries: new QueryClient({ defaultOptions: { queries: { retry: false } } }),
    clock: browserClock,
    fetch(url, init) {
      const request = `${init.method ?? 'GET'} ${url}`
      asked.push(request)
      return Promise.resolve(answerOf(answers[request] ?? 404))
    },
    openBelfry: () =>
      belfryOf(pending ?? null, (handler) => {
        say = handler
      }),
  })
  const live = liveOf(app)
  const router = createMemoryRouter(
    [
      {
        element: <Frame />,
        children: [
          { path: '/calls/incoming', element: <IncomingCallPage /> },
          { path: '/calls/:sessionId', element: <CallPage /> },
          { path: '*', element: <textarea aria-label="Message Ana" /> },
        ],
      },
    ],
    { initialEntries: [path] },
  )
  const view = render(
    <AppContext value={app}>
      <QueryClientProvider client={app.queries}>
        <LiveContext value={live}>
          <RouterProvider router={router} />
        </LiveContext>
      </QueryClientProvider>
    </AppContext>,
  )
  return {
    ...view,
    asked,
    ring: live.ring,
    address: () => router.state.location.pathname,
    workerSays: (message: WorkerToPage) => Promise.resolve(say(message)),
    close() {
      view.unmount()
      live.close()
      app.queries.clear()
    },
  }
}

function Frame() {
  return (
    <>
      <Outlet />
      <IncomingCallDialog />
    </>
  )
}

function answerOf(answer: unknown): Response {
  if (typeof answer !== 'number') return Response.json(answer)
  return Response.json(
    { type: 'about:blank', title: 'Refused', status: answer, code: 'REFUSED' },
    { status: answer },
  )
}

function liveOf(app: ReturnType<typeof createApp>): Live {
  const { api, clock, storage } = app
  const realtime = createRealtime({
    open: () => ({
      connected: false,
      active: true,
      on: () => undefined,
      off: () => undefined,
      emit: () => undefined,
      connect: () => undefined,
      disconnect: () => undefined,
    }),
    every: () => () => undefined,
    after: () => () => undefined,
    onRefused: () => undefined,
  })
  const ring = createRing({
    userId: bob.id,
    api: ringApi(api, () => 'profile-1'),
    now: clock.now,
    schedule: clock.after,
  })
  const outbox = createOutbox({
    storage,
    userId: bob.id,
    clock,
    send: api.sendMessage,
    onSent: () => undefined,
  })
  return {
    me: bob,
    realtime,
    ring,
    outbox,
    drafts: createDrafts(storage, bob.id),
    attention: createAttention(() => undefined),
    toasts: createToasts(clock),
    close() {
      realtime.close()
      ring.close()
      outbox.close()
    },
  }
}

function belfryOf(
  pending: PendingAction | null,
  onHandler: (handler: WorkerMessageHandler) => void,
): BelfryBrowser {
  let choice = pending
  const browser = { name: 'Firefox', os: 'Linux', mobile: false, label: 'Firefox, Linux' }
  const failed = { kind: 'failed', code: 'unsupported', sentence: 'Not in this test.' } as const
  return {
    browser,
    capability: () => Promise.resolve({ state: 'unsupported', browser }),
    enable: () => Promise.resolve({ ...failed, step: 'permission' }),
    sync: () => Promise.resolve(failed),
    disable: () => Promise.resolve(),
    test: () => Promise.resolve(failed),
    onWorkerMessage(handler) {
      onHandler(handler)
      return () => undefined
    },
    takePendingAction() {
      const taken = choice
      choice = null
      return Promise.resolve(taken)
    },
    closeNotifications: () => Promise.resolve(),
    deviceId: () => Promise.resolve('profile-1'),
    thisDevice: () => Promise.resolve(null),
  }
}
