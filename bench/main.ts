import type { Benchmark } from './benchmark.ts'
import { describeMachine } from './machine.ts'
import { toMarkdown } from './markdown.ts'
import { callLatency } from './call-latency.ts'
import { engines } from './engines.ts'
import { sender } from './sender.ts'
import { soak } from './soak.ts'
import { start } from './start.ts'
import { worker } from './worker.ts'

const benchmarks: readonly Benchmark[] = [sender, worker, callLatency, start]
/** Runs only when it is named. */
const onDemand: readonly Benchmark[] = [engines, soak]
const all = [...benchmarks, ...onDemand]
const words = process.argv.slice(2)
const quick = words.includes('--quick')
const flagPattern = /^--([\w-]+)=(.*)$/
const flags = new Map(
  words.flatMap((word) => {
    const [, name, value] = flagPattern.exec(word) ?? []
    return name === undefined || value === undefined ? [] : [[name, value]]
  }),
)
const wanted = words.filter((word) => word !== '--quick' && !flagPattern.test(word))
const unknown = wanted.filter((word) => !all.some(({ name }) => name === word))

if (unknown.length > 0) {
  const names = all.map(({ name }) => name).join(', ')
  console.error(
    `Unknown: ${unknown.join(', ')}. Usage: npm run bench -- [--quick] [${names}] [--name=value]`,
  )
  process.exitCode = 2
} else {
  await runAll(wanted.length === 0 ? benchmarks : all.filter(({ name }) => wanted.includes(name)))
}

/** The report goes to standard output, progress to standard error. */
async function runAll(chosen: readonly Benchmark[]): Promise<void> {
  const method = quick ? ['**--quick: small sizes; these numbers prove nothing.**'] : []
  console.log(
    toMarkdown({ title: 'Machine and versions', method, tables: [describeMachine()], targets: [] }),
  )
  for (const benchmark of chosen) {
    const say = (line: string) => console.error(`${benchmark.name}: ${line}`)
    console.log(`\n${toMarkdown(await benchmark.run({ quick, say, flags }))}`)
  }
}
