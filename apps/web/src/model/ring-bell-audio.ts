import type { BellAudio } from './ring-bell.ts'

const loudness = 0.22

/** A small church bell: hum, prime, tierce, quint, nominal, and two above. [ratio, gain, seconds] */
const partials = [
  [0.5, 0.35, 1.9],
  [1, 0.5, 1.5],
  [1.2, 0.4, 1.1],
  [1.5, 0.22, 0.9],
  [2, 0.6, 0.8],
  [2.67, 0.16, 0.45],
  [4.1, 0.1, 0.25],
] as const
const primeHz = 587.33
const attackSeconds = 0.006
/** An exponential ramp cannot reach zero; nobody hears this. */
const silence = 0.0001

/** The bell's sound of Web Audio, made on the spot: no file to load, nothing to decode. */
export function bellAudio(context: AudioContext): BellAudio {
  return {
    isRunning: () => context.state === 'running',
    now: () => context.currentTime,
    playStroke: (atSeconds) => playStroke(context, atSeconds),
    resume: () => context.resume(),
    suspend: () => context.suspend(),
    close: () => context.close(),
    onChange: (listener) => context.addEventListener('statechange', listener),
  }
}

function playStroke(context: AudioContext, at: number): void {
  for (const [ratio, gain, seconds] of partials) {
    const tone = context.createOscillator()
    const envelope = context.createGain()
    tone.frequency.value = primeHz * ratio
    envelope.gain.setValueAtTime(silence, at)
    envelope.gain.exponentialRampToValueAtTime(gain * loudness, at + attackSeconds)
    envelope.gain.exponentialRampToValueAtTime(silence, at + seconds)
    tone.connect(envelope).connect(context.destination)
    tone.start(at)
    tone.stop(at + seconds + 0.05)
  }
}
