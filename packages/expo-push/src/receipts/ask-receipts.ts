import { isRecord } from '../answers/is-record.ts'
import { messageError } from '../answers/message-error.ts'
import { requestVerdict } from '../answers/request-verdict.ts'
import type { PostJson, PostResult } from '../http/post-json.ts'
import type { Rejected, Retry } from '../send/outcome.ts'
import type { Places } from '../send/places.ts'
import type { Receipt } from './receipt.ts'

export interface AskReceiptsOptions {
  readonly postJson: PostJson
  readonly places: Pick<Places, 'wait'>
  readonly perRequest: number
  readonly signal: AbortSignal
}

const ABORTED: Retry = { kind: 'retry', reason: 'aborted', ambiguous: false }

/**
 * Asks for the receipts of all ids, one request after the other. A request that Expo refuses as
 * bad is halved until the bad id is alone; any other failure ends the asking.
 */
export async function askReceipts(
  ids: readonly string[],
  options: AskReceiptsOptions,
): Promise<ReadonlyMap<string, Receipt>> {
  const receipts = new Map<string, Receipt>()
  const unique = [...new Set(ids)]
  const chunks: string[][] = []
  for (let index = 0; index < unique.length; index += options.perRequest) {
    chunks.push(unique.slice(index, index + options.perRequest))
  }
  for (let chunk = chunks.shift(); chunk; chunk = chunks.shift()) {
    const answer = await askOnce(chunk, options)
    if (answer.kind === 'receipts') {
      for (const id of chunk) receipts.set(id, receiptOf(answer.byId.get(id), answer.status))
      continue
    }
    const { failure, isWorthHalving } = answer
    if (isWorthHalving && chunk.length > 1) {
      const middle = Math.ceil(chunk.length / 2)
      chunks.unshift(chunk.slice(0, middle), chunk.slice(middle))
      continue
    }
    const left = isWorthHalving ? chunk : [chunk, ...chunks.splice(0)].flat()
    for (const id of left) receipts.set(id, { kind: 'notAsked', failure })
  }
  return receipts
}

type Asked =
  | {
      readonly kind: 'receipts'
      readonly byId: ReadonlyMap<string, unknown>
      readonly status: number
    }
  | {
      readonly kind: 'failed'
      readonly failure: Retry | Rejected
      /** Expo refused the request as such: maybe for one id of it. */
      readonly isWorthHalving: boolean
    }

async function askOnce(
  ids: readonly string[],
  { postJson, places, signal }: AskReceiptsOptions,
): Promise<Asked> {
  const release = await places.wait(signal)
  if (!release) return { kind: 'failed', failure: ABORTED, isWorthHalving: false }
  try {
    return readAnswer(await postJson('/getReceipts', JSON.stringify({ ids }), signal))
  } finally {
    release()
  }
}

function readAnswer(result: PostResult): Asked {
  if (result.kind === 'answer' && result.status >= 200 && result.status < 300) {
    const data = isRecord(result.json) ? result.json.data : undefined
    if (isRecord(data)) {
      return { kind: 'receipts', byId: new Map(Object.entries(data)), status: result.status }
    }
  }
  const verdict = requestVerdict(result)
  switch (verdict.kind) {
    case 'all':
      return { kind: 'failed', failure: verdict.outcome, isWorthHalving: false }
    case 'bisect':
    case 'split':
      return { kind: 'failed', failure: verdict.refusal, isWorthHalving: true }
    case 'pause': {
      const { status, kind: _kind, ...wait } = verdict
      const failure = { kind: 'retry', reason: 'rate_limited', status, ambiguous: false } as const
      return { kind: 'failed', failure: { ...failure, ...wait }, isWorthHalving: false }
    }
    case 'tickets': {
      const { status } = verdict
      const failure = {
        kind: 'retry',
        reason: 'answer_unreadable',
        status,
        ambiguous: false,
      } as const
      return { kind: 'failed', failure, isWorthHalving: false }
    }
  }
}

/** An id that Expo does not name, or says something else of, is not ready. */
function receiptOf(receipt: unknown, status: number): Receipt {
  if (!isRecord(receipt)) return { kind: 'notReady' }
  if (receipt.status === 'ok') return { kind: 'ok' }
  return receipt.status === 'error' ? messageError(receipt, status) : { kind: 'notReady' }
}
