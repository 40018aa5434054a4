import type { PushConfig, RegisteredSubscription, TestResults } from '@belfry/contracts'
import { isObject, text } from '@belfry/service-worker/record'
import type { BrowserEnvironment } from './browser-environment.ts'
import { failure, type Failure } from './failure.ts'

/** What the server answered, or why there is no answer. */
export type Reply<T> = { readonly kind: 'ok'; readonly body: T } | ({ kind: 'failed' } & Failure)

export interface Server {
  pushConfig(): Promise<Reply<Pick<PushConfig, 'vapidPublicKey' | 'serverTime'>>>
  register(body: object): Promise<Reply<RegisteredSubscription>>
  /** By the row's id or, where that is not known, by its endpoint. */
  forget(row: { readonly id: string } | { readonly endpoint: string }): Promise<Reply<unknown>>
  test(body: object): Promise<Reply<TestResults>>
}

export interface ServerOptions {
  readonly baseUrl: string
  readonly getToken: () => string | null
}

const answerLimitMs = 10_000

/** Belfry's API as this browser needs it. Nothing rejects: what goes wrong is a `Failure`. */
export function createServer(
  environment: BrowserEnvironment,
  { baseUrl, getToken }: ServerOptions,
): Server {
  async function ask<T>(
    [method, path]: readonly [string, string],
    parse: (body: unknown) => body is T,
    body?: object,
  ): Promise<Reply<T>> {
    const token = getToken()
    const asked = environment.fetch(`${baseUrl}/api/push${path}`, {
      method,
      headers: {
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    try {
      const late = environment.wait(answerLimitMs).then(() => null)
      const answer = await Promise.race([asked, late])
      if (!answer) {
        return { kind: 'failed', ...failure('server_unreachable', { detail: 'no answer in 10 s' }) }
      }
      const { status } = answer
      const said: unknown = status === 204 ? null : await answer.json().catch(() => null)
      if (status === 401) return { kind: 'failed', ...failure('signed_out') }
      if (answer.ok && parse(said)) return { kind: 'ok', body: said }
      return { kind: 'failed', ...failure('server_refused', { status, detail: detailOf(said) }) }
    } catch (error) {
      const detail = String(error)
      return { kind: 'failed', ...failure('server_unreachable', { detail }) }
    }
  }

  return {
    pushConfig: () => ask(['GET', '/config'], isPushConfig),
    register: (body) => ask(['POST', '-subscriptions'], isRegistered, body),
    forget: (row) =>
      'id' in row
        ? ask(['DELETE', `-subscriptions/${encodeURIComponent(row.id)}`], isAnything)
        : ask(['DELETE', '-subscriptions'], isAnything, row),
    test: (body) => ask(['POST', '-subscriptions/test'], isTestResults, body),
  }
}

function detailOf(said: unknown): string {
  if (!isObject(said)) return 'not the answer of a Belfry server'
  return [said.code, said.detail ?? said.title]
    .filter((part) => typeof part === 'string')
    .join(': ')
}

function isAnything(_body: unknown): _body is unknown {
  return true
}

function isPushConfig(body: unknown): body is Pick<PushConfig, 'vapidPublicKey' | 'serverTime'> {
  return (
    isObject(body) &&
    text(body.vapidPublicKey) !== undefined &&
    Number.isFinite(Date.parse(text(body.serverTime) ?? ''))
  )
}

function isRegistered(body: unknown): body is RegisteredSubscription {
  return (
    isObject(body) &&
    ['id', 'deviceName', 'host', 'createdAt', 'renewToken'].every((name) => text(body[name]))
  )
}

function isTestResults(body: unknown): body is TestResults {
  return isObject(body) && Array.isArray(body.results)
}
