/**
 * The protocol buffer wire format, as much of it as checkin and MCS use: varint (0), fixed64 (1)
 * and length-delimited (2) fields, no groups. https://protobuf.dev/programming-guides/encoding/
 */

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

export interface ProtoField {
  readonly field: number
  readonly value:
    | { readonly varint: number | bigint }
    | { readonly fixed64: bigint }
    | { readonly bytes: string | Uint8Array }
}

/** A field that arrived; integers are bigint, since ids use all 64 bits. */
type ProtoValue = bigint | Buffer

export interface ProtoMessage {
  readonly int: (field: number) => bigint | undefined
  readonly text: (field: number) => string | undefined
  readonly bytes: (field: number) => Buffer | undefined
  readonly texts: (field: number) => readonly string[]
  readonly messages: (field: number) => readonly ProtoMessage[]
}

/** A base-128 number, least significant group first. */
export function encodeVarint(number: number | bigint): Buffer {
  const out: number[] = []
  let rest = BigInt.asUintN(64, BigInt(number))
  while (rest > 0x7fn) {
    out.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  out.push(Number(rest))
  return Buffer.from(out)
}

/** The varint at `offset` and where it ends, or `undefined` while its last byte is missing. */
export function readVarint(
  buffer: Buffer,
  offset: number,
): { readonly value: bigint; readonly end: number } | undefined {
  let value = 0n
  for (let index = 0; index < 10; index += 1) {
    const byte = buffer[offset + index]
    if (byte === undefined) return undefined
    value |= BigInt(byte & 0x7f) << BigInt(7 * index)
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), end: offset + index + 1 }
  }
  throw new Error(`a varint of more than 10 bytes at offset ${offset}`)
}

export function encodeProto(fields: readonly ProtoField[]): Buffer {
  return Buffer.concat(fields.flatMap(encodeField))
}

function encodeField({ field, value }: ProtoField): Buffer[] {
  if ('varint' in value) return [key(field, WIRE.varint), encodeVarint(value.varint)]
  if ('fixed64' in value) {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64LE(value.fixed64)
    return [key(field, WIRE.fixed64), bytes]
  }
  const bytes = Buffer.from(value.bytes)
  return [key(field, WIRE.bytes), encodeVarint(bytes.length), bytes]
}

function key(field: number, wire: number): Buffer {
  return encodeVarint((field << 3) | wire)
}

/** Reads a whole message. Throws on one that is cut short or uses a wire type we do not know. */
export function decodeProto(buffer: Buffer): ProtoMessage {
  const fields = new Map<number, ProtoValue[]>()
  let offset = 0
  while (offset < buffer.length) {
    const tag = varintAt(buffer, offset)
    const number = Number(tag.value >> 3n)
    const { value, end } = valueAt(buffer, tag.end, Number(tag.value & 7n))
    fields.set(number, [...(fields.get(number) ?? []), value])
    offset = end
  }
  const all = (field: number): readonly ProtoValue[] => fields.get(field) ?? []
  const buffers = (field: number): readonly Buffer[] => all(field).filter((v) => Buffer.isBuffer(v))
  return {
    int: (field) => all(field).findLast((value) => typeof value === 'bigint'),
    text: (field) => buffers(field).at(-1)?.toString('utf8'),
    bytes: (field) => buffers(field).at(-1),
    texts: (field) => buffers(field).map((value) => value.toString('utf8')),
    messages: (field) => buffers(field).map(decodeProto),
  }
}

function valueAt(
  buffer: Buffer,
  offset: number,
  wire: number,
): { readonly value: ProtoValue; readonly end: number } {
  if (wire === WIRE.varint) return varintAt(buffer, offset)
  if (wire === WIRE.fixed64) return { value: buffer.readBigUInt64LE(offset), end: offset + 8 }
  if (wire === WIRE.fixed32) {
    return { value: BigInt(buffer.readUInt32LE(offset)), end: offset + 4 }
  }
  if (wire !== WIRE.bytes) throw new Error(`wire type ${wire} at offset ${offset}`)
  const length = varintAt(buffer, offset)
  const end = length.end + Number(length.value)
  if (end > buffer.length) throw new Error(`a field of ${length.value} bytes is cut short`)
  return { value: buffer.subarray(length.end, end), end }
}

function varintAt(buffer: Buffer, offset: number): { value: bigint; end: number } {
  const read = readVarint(buffer, offset)
  if (read === undefined) throw new Error(`the message ends inside a varint at ${offset}`)
  return read
}
