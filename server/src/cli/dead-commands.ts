import { readFileSync } from 'node:fs'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { queueNames, type DeadLetter, type QueueName } from '../broker/port.ts'
import type { Surroundings } from './surroundings.ts'
import { table } from './table.ts'

type DeadSurroundings = Pick<Surroundings, 'environment' | 'say'>

/** `belfry dead list` and `belfry dead replay`: what no worker could handle, and handing it back. */
export function addDeadCommands(belfry: Command, surroundings: DeadSurroundings): void {
  const dead = belfry
    .command('dead')
    .description('what no worker could handle: look at it, and hand it back')
  dead
    .command('list')
    .summary('list what was kept aside')
    .description(
      'List what was kept aside, oldest first: never its text. Reads the same settings as start, and works while the server runs.',
    )
    .addOption(queueOption())
    .option('--limit <number>', 'at most so many', atLeastOne, 100)
    .option('--json', 'as one JSON document')
    .action((options: ListOptions) => list(surroundings, options))
  dead
    .command('replay')
    .summary('hand messages back to the queue that they died in')
    .description(
      'Hand messages back to the queue that they died in, as if they came for the first time. Works while the server runs. Devices that were served already are not served again.',
    )
    .argument('[ids...]', 'which, by the ids of the list')
    .option('--all', 'all of them')
    .addOption(queueOption())
    .option('--json', 'as one JSON document')
    .action((ids: readonly string[], options: ReplayOptions) =>
      replay(surroundings, { ids, ...options }),
    )
}

interface ListOptions {
  readonly queue?: QueueName
  readonly limit: number
  readonly json?: boolean
}

interface ReplayOptions {
  readonly queue?: QueueName
  readonly all?: boolean
  readonly json?: boolean
}

/** A command cannot be carried out as it was given; the message says how to give it. */
export class DeadReplayChoiceError extends Error {
  readonly code = 'DEAD_REPLAY_CHOICE'
  constructor() {
    super('Say what to replay: either ids, as `belfry dead list` shows them, or --all.')
    this.name = 'DeadReplayChoiceError'
  }
}

/** Some that were asked for are where they were. The others are replayed. */
export class DeadNotReplayedError extends Error {
  readonly code = 'DEAD_NOT_REPLAYED'
  constructor(missing: readonly string[], stranded: readonly string[]) {
    const sentences = [
      ...(missing.length === 0 ? [] : [`Not among the dead: ${missing.join(', ')}.`]),
      ...(stranded.length === 0
        ? []
        : [`They stay, because this version does not know their queue: ${stranded.join(', ')}.`]),
    ]
    super(sentences.join(' '))
    this.name = 'DeadNotReplayedError'
  }
}

async function list(surroundings: DeadSurroundings, options: ListOptions): Promise<void> {
  const { say } = surroundings
  const { queue, limit } = options
  const dead = await deadLetters(surroundings)
  const { letters, more } = await dead.list({ queue, limit })
  if (options.json === true) {
    say(JSON.stringify({ dead: letters.map(shown), more }))
    return
  }
  if (letters.length === 0) {
    say(queue === undefined ? 'Nothing is dead.' : `Nothing is dead in ${queue}.`)
    return
  }
  for (const line of table(heads, letters.map(row))) say(line)
  if (more) say(`There are more: --limit ${limit * 10} shows up to so many.`)
}

async function replay(
  surroundings: DeadSurroundings,
  { ids, queue, all = false, json = false }: ReplayOptions & { readonly ids: readonly string[] },
): Promise<void> {
  const { say } = surroundings
  if (all === ids.length > 0) throw new DeadReplayChoiceError()
  const dead = await deadLetters(surroundings)
  const answer = await dead.replay({ ids: all ? 'all' : ids, queue })
  const { replayed, missing, stranded } = answer
  if (json) say(JSON.stringify(answer))
  else say(`Replayed: ${replayed.length === 0 ? 'nothing' : replayed.length}`)
  if (missing.length + stranded.length > 0) throw new DeadNotReplayedError(missing, stranded)
}

async function deadLetters({ environment }: DeadSurroundings) {
  // Loaded only here: `belfry start` hears signals that much earlier.
  const [{ readConfig }, { openDeadLetters }] = await Promise.all([
    import('../config.ts'),
    import('../open-dead-letters.ts'),
  ])
  const config = readConfig(environment(), (path) => readFileSync(path, 'utf8'))
  return openDeadLetters(config, Date.now)
}

const heads = ['ID', 'QUEUE', 'DIED AT', 'TRIES', 'REASON', 'EVENT'] as const

function row({ id, queue, diedMs, tries, reason, event }: DeadLetter): readonly string[] {
  return [
    id,
    queue ?? 'unknown',
    diedMs === null ? 'unknown' : new Date(diedMs).toISOString(),
    String(tries),
    // Anybody who may publish to RabbitMQ may have written it.
    reason.replaceAll(/\p{Cc}/gu, '\uFFFD'),
    event === null ? 'unreadable' : `${event.type} ${event.id}`,
  ]
}

function shown({ diedMs, ...rest }: DeadLetter) {
  return { ...rest, diedAt: diedMs === null ? null : new Date(diedMs).toISOString() }
}

function queueOption(): Option {
  return new Option('--queue <name>', 'only what died in this queue').choices(queueNames)
}

function atLeastOne(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 1 to 999999.')
}
