import type { IncomingMessage, ServerResponse } from 'node:http'
import { InvalidOptionError } from './errors.ts'
import type { Install, InstallOptions } from './installs.ts'
import { isRecord } from './is-record.ts'
import type { PushHub } from './push-hub.ts'
import { readAnswer, readScope } from './read-answer.ts'
import { decodeBody, readBody } from './read-body.ts'
import { refuse, respondJson } from './respond.ts'

type Fields = Readonly<Record<string, unknown>>

/** What a control request gets: JSON, or why not. */
type Outcome = { readonly json: unknown } | { readonly problem: string }

/**
 * What the programmatic API does, for a developer with curl: `GET /control/pushes`, `GET
 * /control/phones`, `POST /control/install`, `/uninstall`, `/answer`, `/clear`. POST takes
 * application/json only, which a page of another site cannot send here.
 */
export function serveControl(hub: PushHub) {
  const views: Readonly<Record<string, () => unknown>> = {
    pushes: () => ({ pushes: hub.recorder.log.ofType('push') }),
    phones: () => ({ phones: hub.installs.all().map((install) => look(install)) }),
  }
  const actions: Readonly<Record<string, (fields: Fields) => Outcome>> = {
    install: (fields) => install(hub, fields),
    uninstall: (fields) => uninstall(hub, fields),
    answer: (fields) => answerNext(hub, fields),
    clear: () => {
      hub.script.clear()
      return { json: {} }
    },
  }
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request)
    if (body === undefined) return
    const name = (request.url ?? '').replace(/^\/control\//, '')
    if (request.method === 'GET' && Object.hasOwn(views, name)) {
      return respondJson(response, views[name]?.())
    }
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined
    if (request.method !== 'POST' || action === undefined) {
      const known = [...Object.keys(views), ...Object.keys(actions)].join(', ')
      refuse(response, { code: 'NOT_FOUND', message: `no such control; there are ${known}` })
      return
    }
    const { 'content-type': type = '' } = request.headers
    const read = await decodeBody(body, { 'content-type': type })
    if ('code' in read) {
      refuse(response, read)
      return
    }
    const outcome: Outcome = isRecord(read.json)
      ? action(read.json)
      : { problem: 'the body must be an object' }
    if ('json' in outcome) return respondJson(response, outcome.json)
    refuse(response, { code: 'VALIDATION_ERROR', message: outcome.problem })
  }
}

/** A phone as a person wants to read it: what stands there, not everything that led to it. */
function look({ phone, gone }: Install) {
  const { token, platform, projectId, badge } = phone
  const visible = phone.visible.map((shown) => ({ ...shown, push: shown.push.ticketId }))
  const forTask = phone.forTask.map(({ ticketId, data }) => ({ push: ticketId, data }))
  return { token, platform, projectId, installed: gone === undefined, badge, visible, forTask }
}

function install(hub: PushHub, fields: Fields): Outcome {
  const { platform, projectId, token, channels } = fields
  if (platform !== undefined && platform !== 'android' && platform !== 'ios') {
    return { problem: '"platform" must be android or ios' }
  }
  const options: InstallOptions = {
    ...(platform === undefined ? {} : { platform }),
    ...(typeof projectId === 'string' ? { projectId } : {}),
    ...(typeof token === 'string' ? { token } : {}),
    ...(Array.isArray(channels) ? { channels: channels.map(String) } : {}),
  }
  try {
    return { json: { token: hub.installs.install(options) } }
  } catch (error) {
    if (error instanceof InvalidOptionError) return { problem: error.message }
    throw error
  }
}

function uninstall(hub: PushHub, { token, deviceNotRegisteredIn }: Fields): Outcome {
  if (typeof token !== 'string') return { problem: '"token" must be a string' }
  const tellIn =
    deviceNotRegisteredIn === 'ticket' || deviceNotRegisteredIn === 'receipt'
      ? deviceNotRegisteredIn
      : hub.deviceNotRegisteredIn
  return { json: { uninstalled: hub.installs.uninstall(token, tellIn) } }
}

function answerNext(hub: PushHub, fields: Fields): Outcome {
  const answer = readAnswer(fields['answer'])
  if (answer === undefined) return { problem: '"answer" is none that can be given' }
  const scope = readScope(fields)
  if (scope === undefined) return { problem: '"token", "endpoint" or "times" is malformed' }
  try {
    hub.script.add(answer, scope)
    return { json: {} }
  } catch (error) {
    if (error instanceof InvalidOptionError) return { problem: error.message }
    throw error
  }
}
