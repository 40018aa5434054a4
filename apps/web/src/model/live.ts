import type { NotificationPreferences, RealtimeEvents, User } from '@belfry/contracts'
import { io } from 'socket.io-client'
import type { App } from './app.ts'
import { createAttention, type Attention } from './attention.ts'
import { putMessage, putNotified, putRead } from './chat-cache.ts'
import { createDrafts, type Drafts } from './drafts.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { isMuted } from './muted.ts'
import { keys } from './query-keys.ts'
import { createRealtime, type Realtime } from './realtime.ts'
import { ringApi } from './ring-api.ts'
import { createRing, type Ring } from './ring.ts'
import { createToasts, type Toast, type Toasts } from './toasts.ts'

const dayMs = 86_400_000

/** What the socket's handshake carries. */
interface Presented {
  readonly token: string
  readonly deviceId: string
}

/** What exists while somebody is signed in, from sign-in to sign-out. */
export interface Live {
  readonly me: User
  readonly realtime: Realtime
  readonly ring: Ring
  readonly drafts: Drafts
  readonly outbox: Outbox
  readonly attention: Attention
  readonly toasts: Toasts
  close(): void
}

export function createLive(app: App, me: User): Live {
  const { api, belfry, clock, phone, queries, storage } = app
  let deviceId: string | undefined
  const learnDeviceId = async (): Promise<void> => {
    deviceId = await belfry.deviceId()
  }
  void learnDeviceId()
  const realtime = openRealtime(app)
  const attention = createAttention((presence) => realtime.showing(presence))
  const toasts = createToasts(clock)
  const ring = createRing({
    userId: me.id,
    api: ringApi(api, () => deviceId),
    now: clock.now,
    schedule: clock.after,
  })
  const outbox = createOutbox({
    storage,
    userId: me.id,
    clock,
    send: api.sendMessage,
    onSent: (message) => putMessage(queries, message, me.id),
  })

  hearEvents(app, { meId: me.id, realtime, ring, outbox, attention, toasts })
  outbox.flush()
  void ring.refetch()
  const stopDevice =
    phone === null
      ? keepInSync(app)
      : phone.accompany({
          ring,
          attention,
          queries,
          onDeviceId() {
            void learnDeviceId()
            realtime.introduce()
          },
          onChange: () => refetchDevices(app),
        })

  return {
    me,
    realtime,
    ring,
    outbox,
    attention,
    toasts,
    drafts: createDrafts(storage, me.id),
    close() {
      stopDevice()
      realtime.close()
      ring.close()
      outbox.close()
      toasts.close()
    },
  }
}

interface Hearers extends Omit<Live, 'me' | 'drafts' | 'close'> {
  readonly meId: string
}

/** From the live line into what is shown. */
function hearEvents(app: App, hearers: Hearers): void {
  const { queries, clock } = app
  const { meId, realtime, ring, outbox, attention, toasts } = hearers
  realtime.on('chat.message', (message) => {
    putMessage(queries, message, meId)
    if (message.senderId === meId || !attention.isVisible()) return
    const preferences = queries.getQueryData<NotificationPreferences>(keys.preferences)
    if (isMuted(preferences, message.conversationId, clock.now())) return
    if (!attention.sees(message.conversationId)) toasts.show(messageToast(message))
  })
  realtime.on('chat.notified', (notified) => putNotified(queries, notified))
  realtime.on('conversation.read', (mark) => putRead(queries, mark, meId))
  realtime.on('call.ringing', (call) => {
    ring.tell(call)
    // A page that nobody sees is no proof that it rings for somebody.
    if (attention.isVisible()) void tellThatItRings(app, call.sessionId)
  })
  realtime.on('call.updated', (call) => ring.tell(call))
  realtime.on('devices.updated', () => refetchDevices(app))
  realtime.onReconnect(() => {
    outbox.flush()
    void ring.refetch()
    void queries.invalidateQueries()
  })
}

function refetchDevices({ queries }: App): void {
  void queries.invalidateQueries({ queryKey: keys.subscriptions })
  void queries.invalidateQueries({ queryKey: keys.bell })
}

/** So that the caller is told the truth also by a browser without a subscription. Best effort. */
async function tellThatItRings({ api, belfry }: App, sessionId: string): Promise<void> {
  await api.ringsHere(sessionId, await belfry.deviceId())
}

/** Browsers lose or renew registrations without a word: compared at every start and once a day. */
function keepInSync({ belfry, clock, queries }: App): () => void {
  const sync = async (): Promise<void> => {
    await belfry.sync()
    await queries.invalidateQueries({ queryKey: keys.bell })
  }
  void sync()
  return clock.every(() => void sync(), dayMs)
}

function messageToast(message: RealtimeEvents['chat.message']): Toast {
  const { conversationId, conversationTitle, senderName, text } = message
  return {
    key: `chat ${conversationId}`,
    title: conversationTitle === null ? senderName : `${senderName} in ${conversationTitle}`,
    text,
    face: { id: message.senderId, name: senderName },
    path: `/chats/${encodeURIComponent(conversationId)}`,
  }
}

function openRealtime({ session, api, belfry, clock }: App): Realtime {
  return createRealtime({
    open: () =>
      io({
        path: '/realtime',
        transports: ['websocket'],
        autoConnect: false,
        reconnectionDelayMax: 5000,
        auth(tell: (auth: Presented) => void) {
          const token = session.get()?.token ?? ''
          void belfry.deviceId().then((deviceId) => tell({ token, deviceId }))
        },
      }),
    every: clock.every,
    after: clock.after,
    // A token that no longer counts answers 401, and that signs out.
    onRefused() {
      if (session.get() !== null) void api.me()
    },
  })
}
