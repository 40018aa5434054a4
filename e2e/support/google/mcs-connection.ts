import type { Socket } from 'node:net'
import {
  encodeMcsFrame,
  MCS_TAG,
  MCS_VERSION,
  splitMcsFrames,
  type McsFrame,
} from './mcs-frames.ts'
import { decodeProto, encodeProto, type ProtoField, type ProtoMessage } from './protobuf.ts'
import type { GoogleMessage } from './subscriptions.ts'

/** Where each client stanza keeps `last_stream_id_received`. */
const LAST_STREAM_ID_FIELD: Readonly<Record<number, number>> = {
  [MCS_TAG.heartbeatPing]: 2,
  [MCS_TAG.heartbeatAck]: 2,
  [MCS_TAG.iqStanza]: 10,
  [MCS_TAG.dataMessage]: 11,
}

const SELECTIVE_ACK = 12n

export interface McsConnectionOptions {
  readonly socket: Socket
  readonly onLogin: (androidId: string) => void
  readonly onAcknowledged: (persistentIds: readonly string[]) => void
}

export interface McsConnection {
  readonly deliver: (message: GoogleMessage) => void
}

/**
 * One browser's connection to the Mobile Connection Server, from the version byte on.
 *
 * Both sides number the stanzas they send, from 1 (the login response is the server's first), and
 * every stanza may say the highest number received from the other side: that acknowledges all up to
 * it. What is not acknowledged when the connection ends is named in the next login request.
 */
export function serveMcsConnection(options: McsConnectionOptions): McsConnection {
  const { socket } = options
  const unacknowledged = new Map<number, string>()
  let pending = Buffer.alloc(0)
  let versionSeen = false
  let sent = 0
  let received = 0

  const send = (tag: number, fields: readonly ProtoField[]): void => {
    sent += 1
    if (socket.writable) socket.write(encodeMcsFrame(tag, fields))
  }

  const acknowledgeUpTo = (streamId: bigint): void => {
    const ids = [...unacknowledged].filter(([number]) => BigInt(number) <= streamId)
    for (const [number] of ids) unacknowledged.delete(number)
    options.onAcknowledged(ids.map(([, persistentId]) => persistentId))
  }

  const login = (request: ProtoMessage): void => {
    socket.write(Buffer.from([MCS_VERSION]))
    send(MCS_TAG.loginResponse, [
      { field: 1, value: { bytes: request.text(1) ?? '' } },
      { field: 2, value: { bytes: request.text(3) ?? '' } },
      { field: 5, value: { varint: 1 } },
      { field: 6, value: { varint: received } },
      { field: 8, value: { varint: Date.now() } },
    ])
    options.onAcknowledged(request.texts(10))
    options.onLogin(request.text(3) ?? '')
  }

  const handle = ({ tag, body }: McsFrame): void => {
    received += 1
    const stanza = decodeProto(body)
    if (tag === MCS_TAG.loginRequest) login(stanza)
    if (tag === MCS_TAG.heartbeatPing) {
      send(MCS_TAG.heartbeatAck, [{ field: 2, value: { varint: received } }])
    }
    if (tag === MCS_TAG.iqStanza) options.onAcknowledged(selectivelyAcknowledged(stanza))
    const lastStreamIdField = LAST_STREAM_ID_FIELD[tag]
    const last = lastStreamIdField === undefined ? undefined : stanza.int(lastStreamIdField)
    if (last !== undefined) acknowledgeUpTo(last)
  }

  socket.on('data', (chunk: Buffer) => {
    const bytes = Buffer.concat([pending, chunk])
    const frames = splitMcsFrames(versionSeen ? bytes : bytes.subarray(1))
    versionSeen = true
    pending = Buffer.from(frames.rest)
    for (const frame of frames.frames) handle(frame)
  })

  return {
    deliver: (message) => {
      send(MCS_TAG.dataMessage, [
        ...dataMessage(message),
        { field: 11, value: { varint: received } },
      ])
      unacknowledged.set(sent, message.persistentId)
    },
  }
}

/** IqStanza.extension (7) {id = 1, data = 2}; the data of a SelectiveAck repeats ids in field 1. */
function selectivelyAcknowledged(stanza: ProtoMessage): readonly string[] {
  const [extension] = stanza.messages(7)
  const data = extension?.int(1) === SELECTIVE_ACK ? extension.bytes(2) : undefined
  return data === undefined ? [] : decodeProto(data).texts(1)
}

/** DataMessageStanza of a web push; `immediate_ack` (24) makes the browser acknowledge at once. */
function dataMessage(message: GoogleMessage): ProtoField[] {
  const { subscription, contentEncoding } = message
  const appData = { subtype: subscription.subtype, 'content-encoding': contentEncoding }
  return [
    { field: 3, value: { bytes: subscription.sender } },
    { field: 5, value: { bytes: subscription.app } },
    ...Object.entries(appData).flatMap(([name, value]) =>
      value === undefined ? [] : [{ field: 7, value: { bytes: keyValue(name, value) } }],
    ),
    { field: 9, value: { bytes: message.persistentId } },
    { field: 16, value: { varint: 0 } },
    { field: 17, value: { varint: message.ttlSeconds } },
    { field: 18, value: { varint: message.sentAtMs } },
    { field: 21, value: { bytes: message.body } },
    { field: 24, value: { varint: 1 } },
  ]
}

function keyValue(name: string, value: string): Buffer {
  return encodeProto([
    { field: 1, value: { bytes: name } },
    { field: 2, value: { bytes: value } },
  ])
}
