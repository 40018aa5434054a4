import type { WorkerToPage } from '@belfry/contracts'
import { ask } from './ask.ts'
import { findEnded, rememberEnded } from './ended-calls.ts'
import { lookOf, missedWords, noteLook, nothingReadable, quiet, type Look } from './look.ts'
import { sendReceipt } from './post.ts'
import { readPush, type PushContent, type PushEventLike, type PushFacts } from './read-push.ts'
import { raiseClockOffset, readClockOffset } from './record/index.ts'
import { claim, settle } from './seen-deliveries.ts'
import { show } from './show.ts'
import { isVisible, standing, windows } from './within.ts'
import type { WorkerEnvironment } from './worker-environment.ts'

/**
 * What a push came to:
 *
 *   shown            a notification, or a plainer one in its place
 *   already_visible  nothing more: this delivery's notification still stands
 *   left_to_page     a visible page of this browser has it
 *   left_to_host     another product's, and the host app wants those for itself
 *   failed           the browser refuses to show anything
 */
export type PushOutcome = 'shown' | 'already_visible' | 'left_to_page' | 'left_to_host' | 'failed'

/** A visible page has this long to say that it rings; more would be heard as a delay. */
const pageLimitMs = 500

/**
 * Shows what a push says. Guarantees: something is shown, whatever came, unless a page took it or
 * the same stands already; nothing waits for the network before that; it never rejects.
 */
export async function onPush(
  event: PushEventLike,
  environment: WorkerEnvironment,
): Promise<PushOutcome> {
  const push = readPush(event) ?? nothingReadable
  const { facts } = push
  if (!facts) {
    if (environment.foreignPushes === 'leave') return 'left_to_host'
    return showNow(environment, lookOf(environment, push))
  }
  const outcome = await present(environment, push, facts)
  if (outcome === 'shown' || outcome === 'left_to_page') {
    const { store } = environment
    if (facts.ts) await raiseClockOffset(store, facts.ts * 1000 - environment.now())
    await settle(store, facts, 'shown')
    // Not awaited: a person may answer before the server does, and Chromium puts a notification of
    // its own up ("updated in the background") for a push that ends with none of ours standing.
    void sendReceipt(environment, facts.receipt, 'shown')
  }
  return outcome
}

async function present(
  environment: WorkerEnvironment,
  push: PushContent,
  facts: PushFacts,
): Promise<PushOutcome> {
  const { type, sessionId = '', conversationId = '', messageId = '' } = facts
  let look = lookOf(environment, push)
  if (type === 'incoming_call') return presentRing(environment, push, facts)
  if (type === 'chat_message') {
    if (await isTakenByPage(environment, { type: 'chat_push', conversationId, messageId })) {
      return 'left_to_page'
    }
  } else if (type !== 'test') {
    if (await findEnded(environment.store, sessionId)) look = quiet(look)
    await rememberEnded(environment.store, sessionId, push)
  }
  return showOnce(environment, look, facts)
}

async function presentRing(
  environment: WorkerEnvironment,
  push: PushContent,
  facts: PushFacts,
): Promise<PushOutcome> {
  const { store } = environment
  const { sessionId = '', exp = Infinity, ts = 0 } = facts
  const ended = await findEnded(store, sessionId)
  if (ended) return repeat(environment, noteLook(environment, push, ended))
  // The server's clock is at least at the moment when it sent this.
  const serverNowMs = Math.max(environment.now() + (await readClockOffset(store)), ts * 1000)
  if (serverNowMs >= exp * 1000) {
    const words = missedWords(facts)
    await rememberEnded(store, sessionId, words)
    return showOnce(environment, noteLook(environment, push, words), facts)
  }
  if (await isTakenByPage(environment, { type: 'incoming_call_push', sessionId, exp })) {
    return 'left_to_page'
  }
  const outcome = await showOnce(environment, lookOf(environment, push), facts)
  // The end may have been told while the ring was on its way to the screen.
  const endedMeanwhile = await findEnded(store, sessionId)
  if (endedMeanwhile) await show(environment, quiet(noteLook(environment, push, endedMeanwhile)))
  return outcome
}

/** The first delivery alerts. A repeated one only makes sure that something is visible. */
async function showOnce(
  environment: WorkerEnvironment,
  look: Look,
  facts: PushFacts,
): Promise<PushOutcome> {
  const isFirst = await claim(environment.store, facts, environment.now())
  return isFirst ? showNow(environment, look) : repeat(environment, look)
}

/**
 * Chromium and Firefox are content when a notification stands; WebKit counts every push that
 * shows none. Where nothing stands any more, showing it again without a sound costs no quota.
 */
async function repeat(environment: WorkerEnvironment, look: Look): Promise<PushOutcome> {
  const stands = await standing(environment, look.settings.tag)
  if (stands.length > 0 && !environment.isWebKit) return 'already_visible'
  return showNow(environment, quiet(look))
}

async function showNow(environment: WorkerEnvironment, look: Look): Promise<PushOutcome> {
  return (await show(environment, look)) ? 'shown' : 'failed'
}

/** WebKit counts a push without a notification also when the page is in front: nothing is left to it there. */
async function isTakenByPage(
  environment: WorkerEnvironment,
  message: WorkerToPage,
): Promise<boolean> {
  if (environment.isWebKit) return false
  const pages = (await windows(environment, true)).filter(isVisible)
  const answers = pages.map((page) => ask(environment, { page, message, withinMs: pageLimitMs }))
  return (await Promise.all(answers)).includes(true)
}
