import type { Benchmark, BenchmarkOptions, Report } from './benchmark.ts'
import { writeCaFile } from './ca-file.ts'
import { concurrency, sendWith, type SenderName, type Sent } from './send-with.ts'
import { busyShare, startSink } from './sink.ts'
import { median, spread } from './statistics.ts'
import { makeSubscribers } from './subscribers.ts'
import { inTemporaryDirectory } from './temporary-directory.ts'

const payloadBytes = 300
const target = 2.2

interface Variant {
  readonly name: string
  readonly sender: SenderName
  /** Distinct subscriptions: ours keeps the imported keys of the 2,048 used last. */
  readonly subscribers: number
}

const variants: readonly Variant[] = [
  { name: 'web-push (npm), default agent', sender: 'npm-default', subscribers: 1000 },
  { name: 'web-push (npm), kept-alive Agent', sender: 'npm-kept', subscribers: 1000 },
  { name: 'ours', sender: 'ours', subscribers: 1000 },
  { name: 'ours, no subscription seen twice in a round', sender: 'ours', subscribers: 24_000 },
]

/** Claim: our sender needs less than half the CPU of npm's `web-push` for a push, with every guard on. */
export const sender: Benchmark = {
  name: 'sender',
  run: (options) => inTemporaryDirectory((directory) => measure(options, directory)),
}

async function measure({ quick, say }: BenchmarkOptions, directory: string): Promise<Report> {
  const rounds = quick ? 1 : 5
  const count = quick ? 1000 : 20_000
  const all = makeSubscribers(Math.max(...variants.map((variant) => variant.subscribers)))
  const caFile = writeCaFile(directory)
  const sink = await startSink(all)
  try {
    const start = await sink.stats()
    const measured = variants.map((variant): Variant & { sent: Sent[]; busy: number[] } => ({
      ...variant,
      sent: [],
      busy: [],
    }))
    for (let round = 1; round <= rounds; round++) {
      for (const variant of measured) {
        const subscribers = { ...all, keys: all.keys.slice(0, variant.subscribers) }
        const before = await sink.stats()
        const sent = await sendWith({
          sender: variant.sender,
          sink,
          subscribers,
          caFile,
          payloadBytes,
          count: variant.sender === 'ours' ? count : Math.ceil(count / 4),
        })
        variant.sent.push(sent)
        variant.busy.push(busyShare(before, await sink.stats()))
        say(`round ${round}, ${variant.name}: ${sent.cpuUsPerPush.toFixed(0)} us a push`)
      }
    }
    const end = await sink.stats()
    const cost = (name: SenderName) =>
      median(
        measured.find((each) => each.sender === name)?.sent.map((sent) => sent.cpuUsPerPush) ?? [],
      )
    // Against the better of the two, whichever that is today.
    const npm = Math.min(cost('npm-default'), cost('npm-kept'))
    const ratio = npm / cost('ours')
    return {
      title: 'Sender: CPU a push',
      method: [
        `One TLS 1.3 sink in a process of its own, HTTP/1.1 kept alive, answers 201; it decrypted ${end.verified - start.verified} of ${end.accepted - start.accepted} bodies and verified their tokens.`,
        `${payloadBytes} B of plaintext, ${concurrency} pushes under way; ${rounds} interleaved round(s) of ${count} pushes of ours and a quarter of that of npm's, each in a fresh process after a warm-up of a fifth. Median (least–most).`,
        'CPU is user and system time of the sending process; x is the CPU of the cheaper web-push row by that of the row. All of our guards are on: allow-list, egress check, deadline, capped answers.',
      ],
      tables: [
        {
          columns: ['sender', 'CPU a push, us', 'x', 'pushes/s', 'memory, MB', 'sink busy'],
          rows: measured.map(({ name, sent, busy }) => [
            name,
            spread(sent.map((each) => each.cpuUsPerPush)),
            (npm / median(sent.map((each) => each.cpuUsPerPush))).toFixed(2),
            spread(sent.map((each) => each.pushesPerSecond)),
            median(sent.map((each) => each.rssMb)).toFixed(0),
            `${(100 * median(busy)).toFixed(0)} %`,
          ]),
        },
      ],
      targets: [
        {
          claim: `at least ${target}× less CPU a push than web-push 3.6.7`,
          measured: `${ratio.toFixed(2)}×`,
          isReached: ratio >= target,
        },
      ],
    }
  } finally {
    await sink.close()
  }
}
