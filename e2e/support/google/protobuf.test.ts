import { expect, test } from 'vitest'
import { splitMcsFrames } from './mcs-frames.ts'
import { decodeProto, encodeProto, encodeVarint, readVarint } from './protobuf.ts'

test('numbers are written as the encoding guide shows, and -1 takes ten bytes', () => {
  expect(encodeVarint(150).toString('hex')).toBe('9601')
  expect(encodeVarint(0).toString('hex')).toBe('00')
  expect(encodeVarint(-1n).toString('hex')).toBe('ffffffffffffffffff01')
})

test('a message keeps all its 64-bit numbers, texts and repeated fields', () => {
  const message = decodeProto(
    encodeProto([
      { field: 1, value: { varint: 2n ** 63n } },
      { field: 7, value: { fixed64: 2n ** 64n - 1n } },
      { field: 10, value: { bytes: 'größer' } },
      { field: 10, value: { bytes: 'second' } },
      { field: 100, value: { bytes: encodeProto([{ field: 1, value: { bytes: 'inner' } }]) } },
    ]),
  )
  expect(message.int(1)).toBe(2n ** 63n)
  expect(message.int(7)).toBe(2n ** 64n - 1n)
  expect(message.texts(10)).toEqual(['größer', 'second'])
  expect(message.messages(100).map((inner) => inner.text(1))).toEqual(['inner'])
  expect(message.text(2)).toBeUndefined()
})

test('a message that is cut short or malformed is refused', () => {
  expect(() => decodeProto(Buffer.from('0a05616263', 'hex'))).toThrow('cut short')
  expect(() => decodeProto(Buffer.from('0880', 'hex'))).toThrow('inside a varint')
  expect(() => decodeProto(Buffer.from('0b', 'hex'))).toThrow('wire type 3')
  expect(() => readVarint(Buffer.alloc(11, 0xff), 0)).toThrow('more than 10 bytes')
})

test('frames that arrive in pieces are handed over when they are whole', () => {
  const bytes = Buffer.from('00020801080161ff', 'hex')
  const first = splitMcsFrames(bytes.subarray(0, 3))
  expect(first.frames).toEqual([])
  const all = splitMcsFrames(bytes)
  expect(all.frames.map(({ tag, body }) => [tag, body.toString('hex')])).toEqual([
    [0, '0801'],
    [8, '61'],
  ])
  expect(all.rest.toString('hex')).toBe('ff')
})
