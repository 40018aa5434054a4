import { encodeProto, encodeVarint, readVarint, type ProtoField } from './protobuf.ts'

/** Mobile Connection Server: the byte that both sides send first. */
export const MCS_VERSION = 41

/** The stanza a frame's first byte announces. */
export const MCS_TAG = {
  heartbeatPing: 0,
  heartbeatAck: 1,
  loginRequest: 2,
  loginResponse: 3,
  close: 4,
  iqStanza: 7,
  dataMessage: 8,
} as const

export interface McsFrame {
  readonly tag: number
  readonly body: Buffer
}

/** tag (1 byte), length (varint), protobuf. */
export function encodeMcsFrame(tag: number, fields: readonly ProtoField[]): Buffer {
  const body = encodeProto(fields)
  return Buffer.concat([Buffer.from([tag]), encodeVarint(body.length), body])
}

/** The frames that are whole, and the bytes that are not yet. */
export function splitMcsFrames(buffer: Buffer): { frames: McsFrame[]; rest: Buffer } {
  const frames: McsFrame[] = []
  let rest = buffer
  for (;;) {
    const tag = rest[0]
    const length = tag === undefined ? undefined : readVarint(rest, 1)
    if (tag === undefined || length === undefined) return { frames, rest }
    const end = length.end + Number(length.value)
    if (rest.length < end) return { frames, rest }
    frames.push({ tag, body: rest.subarray(length.end, end) })
    rest = rest.subarray(end)
  }
}
