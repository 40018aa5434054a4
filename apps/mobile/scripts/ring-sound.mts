import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * Writes the ring: a bell struck twice, 420 ms apart, every 2.4 s, for 24 s (Android plays a
 * channel's sound once; iOS allows 30 s). The result is committed.
 */
const rate = 12_000
const seconds = 24
const periodSeconds = 2.4
const strokesAtSeconds = [0, 0.42]

/** Partials of a bell: its share of the prime, loudness, and decay per second. */
const partials = [
  { ratio: 0.5, loudness: 0.45, decay: 1.6 },
  { ratio: 1, loudness: 0.6, decay: 2.2 },
  { ratio: 1.2, loudness: 0.5, decay: 2.6 },
  { ratio: 1.5, loudness: 0.3, decay: 3.2 },
  { ratio: 2, loudness: 0.55, decay: 3.4 },
  { ratio: 2.67, loudness: 0.2, decay: 5 },
  { ratio: 4.07, loudness: 0.12, decay: 8 },
]
const primeHertz = 587.33

function stroke(at: number): number {
  if (at < 0) return 0
  // 4 ms to full loudness: no click.
  const attack = Math.min(1, at / 0.004)
  return (
    partials.reduce(
      (sum, { ratio, loudness, decay }) =>
        sum + loudness * Math.exp(-decay * at) * Math.sin(2 * Math.PI * primeHertz * ratio * at),
      0,
    ) * attack
  )
}

const period = Array.from({ length: rate * periodSeconds }, (_, index) =>
  strokesAtSeconds.reduce((sum, at) => sum + stroke(index / rate - at), 0),
)
const loudest = Math.max(...period.map(Math.abs))
// The last 20 ms fade, so that the next stroke does not cut the tail.
const faded = period.map(
  (value, index) => value * Math.min(1, (period.length - index) / (0.02 * rate)) * (0.9 / loudest),
)

const samples = Buffer.alloc(rate * seconds * 2)
for (let index = 0; index < rate * seconds; index += 1) {
  samples.writeInt16LE(Math.round((faded[index % faded.length] ?? 0) * 32_767), index * 2)
}

// RIFF WAVE, PCM, one channel, 16 bits.
const header = Buffer.alloc(44)
header.write('RIFF', 0)
header.writeUInt32LE(36 + samples.length, 4)
header.write('WAVEfmt ', 8)
header.writeUInt32LE(16, 16)
header.writeUInt16LE(1, 20)
header.writeUInt16LE(1, 22)
header.writeUInt32LE(rate, 24)
header.writeUInt32LE(rate * 2, 28)
header.writeUInt16LE(2, 32)
header.writeUInt16LE(16, 34)
header.write('data', 36)
header.writeUInt32LE(samples.length, 40)
writeFileSync(resolve(import.meta.dirname, '../assets/ring.wav'), Buffer.concat([header, samples]))
