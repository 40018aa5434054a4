import type { EnableProgress, EnableResult, EnableStep } from './enable-result.ts'
import { failure, type Failure } from './failure.ts'
import { obstacle } from './read-capability.ts'
import { readConfig } from './read-config.ts'
import {
  saveSubscription,
  startWorker,
  subscribeFor,
  type DeviceContext,
} from './register-device.ts'
import type { BrowserEnvironment } from './browser-environment.ts'

type Report = (progress: EnableProgress) => void
type Failed = { readonly kind: 'failed' } & Failure

/** Nobody reads a prompt and answers it faster: the browser refused by itself, as Chromium does in private windows. */
const fastestAnswerMs = 150

/** Asks for the permission. Nothing is awaited before the prompt: browsers want it inside the click. */
export async function askPermission(
  environment: BrowserEnvironment,
  report: Report,
): Promise<{ readonly kind: 'granted' } | Failed> {
  report({ step: 'permission', outcome: 'started' })
  const hindered = obstacle(environment)
  const { notifications, store } = environment
  if (hindered || !notifications) return failed(hindered ?? 'unsupported')
  const before = notifications.permission()
  const askedAtMs = environment.now()
  const answer = before === 'default' ? await notifications.request() : before
  if (answer === 'granted') {
    report({ step: 'permission', outcome: 'done' })
    return { kind: 'granted' }
  }
  if (answer === 'default') return failed('permission_dismissed')
  const isUnasked = before === 'default' && environment.now() - askedAtMs < fastestAnswerMs
  if (isUnasked) await store.change('refused-unasked', () => true)
  return failed(isUnasked ? 'private_window' : 'permission_denied')
}

/** The steps after the permission: worker, subscription, saved. Never rejects. */
export async function registerBrowser(
  context: DeviceContext,
  report: Report,
): Promise<EnableResult> {
  const started = await step('worker', report, () => startWorker(context))
  if (started.kind === 'failed') return { ...started, step: 'worker' }
  const push = started.worker.pushManager
  const subscribed = await step('subscription', report, async () => {
    const config = await readConfig(context)
    return config.kind === 'failed' ? config : subscribeFor(context, push, [config.key])
  })
  if (subscribed.kind === 'failed') return { ...subscribed, step: 'subscription' }
  const saved = await step('saved', report, () => saveSubscription(context, push, subscribed))
  if (saved.kind === 'failed') return { ...saved, step: 'saved' }
  return { kind: 'enabled', device: saved.device }
}

async function step<T extends { readonly kind: string }>(
  name: EnableStep,
  report: Report,
  work: () => Promise<T>,
): Promise<T> {
  report({ step: name, outcome: 'started' })
  const result = await work()
  report({ step: name, outcome: result.kind === 'failed' ? 'failed' : 'done' })
  return result
}

function failed(code: Failure['code']): Failed {
  return { kind: 'failed', ...failure(code) }
}
