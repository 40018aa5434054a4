import {
  acceptCallBody,
  call,
  calls,
  callsQuery,
  declineCallBody,
  ringingTabBody,
  startCallBody,
} from '@belfry/contracts'
import type { FastifyRequest } from 'fastify'
import * as z from 'zod'
import type { CallAnswer } from '../calls/calls.ts'
import { callRingEventId } from '../delivery/delivery-id.ts'
import { whoAsks, type ApiContext, type App } from './app.ts'
import { authenticate, authenticateIfAny, unauthenticatedWithout } from './authenticate.ts'
import { ProblemError } from './problem.ts'

const tags = ['calls']
const idParam = z.object({ sessionId: z.string().max(255) })
const nothing = z.looseObject({})

export function callRoutes(app: App, context: ApiContext): void {
  startRoute(app, context)
  readRoutes(app, context)
  acceptRoute(app, context)
  declineRoute(app, context)
  ringingRoute(app, context)
  for (const type of ['cancel', 'end'] as const) stopRoute(app, context, type)
}

/** Who may take a step at all; the state of the call decides the rest. */
const mayStep = {
  accept: { side: 'callee', code: 'NOT_A_CALLEE' },
  decline: { side: 'callee', code: 'NOT_A_CALLEE' },
  cancel: { side: 'caller', code: 'NOT_THE_CALLER' },
  end: { side: 'either', code: 'NOT_IN_THE_CALL' },
} as const

/** Before the body is read: who takes no part sees 404, who is on the wrong side 403. */
function onTheirSide(context: ApiContext, type: keyof typeof mayStep) {
  return async (request: FastifyRequest): Promise<void> => {
    const { userId } = whoAsks(request)
    const { sessionId } = idParam.parse(request.params)
    const found = await context.calls.find(userId, sessionId)
    if (found === null) throw new ProblemError('CALL_NOT_FOUND')
    const { side, code } = mayStep[type]
    const theirs = found.callerId === userId ? 'caller' : 'callee'
    if (side !== 'either' && side !== theirs) throw new ProblemError(code)
  }
}

function startRoute(app: App, context: ApiContext): void {
  const onRequest = authenticate(context.accounts)
  app.post(
    '/api/calls',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Call',
        description:
          'Either `calleeIds` or `conversationId`, which calls all of its members. Calling a person whom one is already ringing returns the open call.',
        body: startCallBody,
        response: { 200: call, 201: call },
      },
    },
    async (request, reply) => {
      const { userId } = whoAsks(request)
      const { body } = request
      const given = body.conversationId ?? null
      const conversation = given === null ? null : await context.chat.find(userId, given)
      if (given !== null && conversation === null) throw new ProblemError('CONVERSATION_NOT_FOUND')
      const answer = await context.calls.start(userId, {
        calleeIds: body.calleeIds ?? conversation?.memberIds ?? [],
        conversationId: given,
        media: body.media,
      })
      const created = answer.kind === 'call' && answer.created
      return reply.code(created ? 201 : 200).send(callOrProblem(answer))
    },
  )
}

function readRoutes(app: App, context: ApiContext): void {
  const onRequest = authenticate(context.accounts)
  app.get(
    '/api/calls',
    {
      onRequest,
      schema: {
        tags,
        summary: 'My calls, newest first',
        querystring: callsQuery,
        response: { 200: calls },
      },
    },
    async (request) => ({
      calls: await context.calls.ofUser(whoAsks(request).userId, request.query.state ?? null),
    }),
  )

  app.get(
    '/api/calls/:sessionId',
    { onRequest, schema: { tags, summary: 'One call', params: idParam, response: { 200: call } } },
    async (request) => {
      const found = await context.calls.find(whoAsks(request).userId, request.params.sessionId)
      if (found === null) throw new ProblemError('CALL_NOT_FOUND')
      return found
    },
  )
}

function acceptRoute(app: App, context: ApiContext): void {
  app.post(
    '/api/calls/:sessionId/accept',
    {
      onRequest: [authenticate(context.accounts), onTheirSide(context, 'accept')],
      schema: {
        tags,
        summary: 'Answer',
        params: idParam,
        body: acceptCallBody,
        response: { 200: call },
      },
    },
    async (request) => {
      const { userId, sid } = whoAsks(request)
      // Without a device id the session stands for the device, so that a repeat is told from another device.
      const deviceId = request.body.deviceId ?? sid
      const { sessionId } = request.params
      return callOrProblem(
        await context.calls.apply(sessionId, {
          type: 'accept',
          userId,
          deviceId,
          atMs: context.now(),
        }),
      )
    },
  )
}

function ringingRoute(app: App, context: ApiContext): void {
  app.post(
    '/api/calls/:sessionId/ringing',
    {
      onRequest: [authenticate(context.accounts), onTheirSide(context, 'accept')],
      schema: {
        tags,
        summary: 'This open tab rings',
        description: 'For a page whose browser has no subscription; the others tell by a receipt.',
        params: idParam,
        body: ringingTabBody,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const { userId } = whoAsks(request)
      const { deviceId } = request.body
      await context.calls.ringsOnTab({ sessionId: request.params.sessionId, userId, deviceId })
      return reply.code(204).send()
    },
  )
}

function declineRoute(app: App, context: ApiContext): void {
  app.post(
    '/api/calls/:sessionId/decline',
    {
      onRequest: [
        authenticateIfAny(context.accounts),
        async (request: FastifyRequest): Promise<void> => {
          // Without a token a receipt in the body may do.
          if (request.identity !== null) await onTheirSide(context, 'decline')(request)
        },
      ],
      errorHandler: unauthenticatedWithout('receipt'),
      schema: {
        tags,
        summary: 'Decline',
        security: [{ bearer: [] }, {}],
        description:
          'With a token, or without one by the `receipt` of the ring, until the ring expires.',
        params: idParam,
        body: declineCallBody,
        response: { 200: call },
      },
    },
    async (request) => {
      const { sessionId } = request.params
      const { receipt, deviceId } = request.body
      const asked =
        request.identity === null
          ? await declinerByReceipt(context, sessionId, receipt)
          : { userId: request.identity.userId, doneOn: deviceId ?? null }
      const input = { type: 'decline', userId: asked.userId, atMs: context.now() } as const
      return callOrProblem(await context.calls.apply(sessionId, input, asked.doneOn))
    },
  )
}

function stopRoute(app: App, context: ApiContext, type: 'cancel' | 'end'): void {
  app.post(
    `/api/calls/:sessionId/${type}`,
    {
      onRequest: [authenticate(context.accounts), onTheirSide(context, type)],
      schema: {
        tags,
        summary: type === 'cancel' ? 'Stop ringing them' : 'Hang up',
        params: idParam,
        body: nothing,
        response: { 200: call },
      },
    },
    async (request) => {
      const { userId } = whoAsks(request)
      const input = { type, userId, atMs: context.now() } as const
      return callOrProblem(await context.calls.apply(request.params.sessionId, input))
    },
  )
}

function callOrProblem(answer: CallAnswer) {
  if (answer.kind === 'call') return answer.call
  throw new ProblemError(answer.code, 'state' in answer ? { state: answer.state } : {})
}

/** A capability proves itself; it is good for this call's ring on one device, and only until the ring ends. */
async function declinerByReceipt(
  context: ApiContext,
  sessionId: string,
  receipt: string | undefined,
): Promise<{ userId: string; doneOn: string }> {
  if (receipt === undefined) throw new ProblemError('UNAUTHENTICATED')
  const claims = await context.capabilities.readReceipt(receipt, context.store.deliveries)
  if (claims === null || claims.subjectId !== sessionId) throw new ProblemError('RECEIPT_REFUSED')
  const delivery = await context.store.deliveries.byId(claims.deliveryId)
  if (delivery?.eventId !== callRingEventId(sessionId)) throw new ProblemError('RECEIPT_REFUSED')
  return { userId: delivery.ownerId, doneOn: claims.deviceRowId }
}
