import type { ExpoSender, Receipt } from '@belfry/expo-push'
import type { ExpoTicket } from '../../delivery/expo-ticket.ts'
import { inParallel } from '../../delivery/in-parallel.ts'
import { nextReceiptTimeMs } from '../../delivery/receipt-times.ts'
import type { Log } from '../../observability/log.ts'
import type { ExpoTicketStore } from '../../store/port.ts'
import type { FinalReceipt } from './on-receipt.ts'

/** Asks Expo what became of pushes, for as long as it runs. Several processes never ask for the same one at a time. */
export interface ReceiptPoller {
  stop(): Promise<void>
}

export interface ReceiptPollerOptions {
  readonly expoTickets: Pick<ExpoTicketStore, 'take' | 'askAgain' | 'remove'>
  readonly sender: Pick<ExpoSender, 'receipts'>
  readonly onReceipt: (ticket: ExpoTicket, receipt: FinalReceipt) => Promise<void>
  /** How long after a push its receipt is first asked for. */
  readonly receiptDelayMs: number
  readonly now: () => number
  readonly log: Log
}

/** What one request asks for. */
const mostAtOnce = 300
/** Longer than asking and acting on all of them takes. What a crash left behind comes again after it. */
const leaseMs = 120_000
const width = 16
const longestPauseMs = 30_000
const shortestPauseMs = 250
/** Tickets of one minute are put off by one write. */
const minuteMs = 60_000

export function startReceiptPoller(options: ReceiptPollerOptions): ReceiptPoller {
  const { receiptDelayMs, log } = options
  const pauseMs = Math.min(longestPauseMs, Math.max(shortestPauseMs, receiptDelayMs / 10))
  const stopping = new AbortController()
  const poll = async () => {
    try {
      while (!stopping.signal.aborted && (await readSome(options))) {
        // A full hand: there are more.
      }
    } catch (cause) {
      log.warn({ err: cause }, 'ExpoPush: receipts could not be read, trying again')
    }
    if (!stopping.signal.aborted) timer = setTimeout(begin, pauseMs)
  }
  const begin = () => {
    running = poll()
  }
  let timer: NodeJS.Timeout | undefined
  let running = poll()
  return {
    async stop() {
      stopping.abort()
      clearTimeout(timer)
      await running
    },
  }
}

/** True when there may be more that are due. */
async function readSome(options: ReceiptPollerOptions): Promise<boolean> {
  const { expoTickets, sender, now } = options
  const tickets = await expoTickets.take({ nowMs: now(), leaseMs, limit: mostAtOnce })
  if (tickets.length === 0) return false
  const receipts = await sender.receipts(tickets.map(({ id }) => id))
  const isOver: string[] = []
  const isNotReady: ExpoTicket[] = []
  let failed: Extract<Receipt, { kind: 'notAsked' }> | null = null
  try {
    await inParallel(tickets, width, async (ticket) => {
      const receipt = receipts.get(ticket.id)
      if (receipt === undefined || receipt.kind === 'notReady') isNotReady.push(ticket)
      else if (receipt.kind === 'notAsked') failed = receipt
      else {
        await options.onReceipt(ticket, receipt)
        isOver.push(ticket.id)
      }
    })
  } finally {
    await putOff(options, isNotReady, isOver)
    await expoTickets.remove(isOver)
  }
  if (failed !== null) report(options.log, failed)
  // What was not asked for comes again once its lease is over, and not at once.
  return failed === null && tickets.length === mostAtOnce
}

/** To the next time of each; without one Expo will not say any more, and it is over. */
async function putOff(
  { expoTickets, now }: ReceiptPollerOptions,
  tickets: readonly ExpoTicket[],
  isOver: string[],
): Promise<void> {
  const byTime = Map.groupBy(tickets, ({ createdAtMs }) => {
    const atMs = nextReceiptTimeMs(createdAtMs, now())
    return atMs === null ? null : Math.ceil(atMs / minuteMs) * minuteMs
  })
  for (const [atMs, group] of byTime) {
    const ids = group.map(({ id }) => id)
    if (atMs === null) isOver.push(...ids)
    else await expoTickets.askAgain(ids, atMs)
  }
}

function report(log: Log, { failure }: Extract<Receipt, { kind: 'notAsked' }>): void {
  const { kind, reason, status } = failure
  const line = 'ExpoPush: Expo did not say what became of pushes; asking again'
  if (kind === 'rejected') log.error({ reason, status, hint: failure.hint }, line)
  else log.warn({ reason, status }, line)
}
