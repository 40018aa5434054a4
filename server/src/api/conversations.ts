import {
  conversation,
  conversations,
  createConversationBody,
  message,
  messages,
  messagesQuery,
  readBody,
  sendMessageBody,
} from '@belfry/contracts'
import type { FastifyRequest } from 'fastify'
import * as z from 'zod'
import { messageView } from '../chat/chat.ts'
import { conversationViews } from '../chat/conversation-views.ts'
import type { Conversation } from '../chat/conversation.ts'
import { chatEventId } from '../delivery/delivery-id.ts'
import { whoAsks, type ApiContext, type App } from './app.ts'
import { authenticate } from './authenticate.ts'
import { ProblemError } from './problem.ts'

const tags = ['chat']
const idParam = z.object({ id: z.string().max(255) })

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the hook of routes below one conversation; the person is in it. */
    conversation: Conversation | null
  }
}

export function conversationRoutes(app: App, context: ApiContext): void {
  app.decorateRequest('conversation', null)
  createRoute(app, context)
  listRoutes(app, context)
  messageRoutes(app, context)
  readRoute(app, context)
}

/** Before the body is read: 404 comes before any complaint about it. */
function inConversation(context: ApiContext) {
  return [
    authenticate(context.accounts),
    async (request: FastifyRequest): Promise<void> => {
      const { id } = idParam.parse(request.params)
      request.conversation = await context.chat.find(whoAsks(request).userId, id)
      if (request.conversation === null) throw new ProblemError('CONVERSATION_NOT_FOUND')
    },
  ]
}

function createRoute(app: App, context: ApiContext): void {
  const { chat, store } = context
  app.post(
    '/api/conversations',
    {
      onRequest: authenticate(context.accounts),
      schema: {
        tags,
        summary: 'Begin a conversation',
        description:
          'The same two people: 200, the same one. A `title` is of a group; two people have none, and theirs is left out.',
        body: createConversationBody,
        response: { 200: conversation, 201: conversation },
      },
    },
    async (request, reply) => {
      const { userId } = whoAsks(request)
      const answer = await chat.create(userId, request.body)
      if (answer.kind === 'refused') throw new ProblemError(answer.code)
      const [view] = await conversationViews(store, userId, [answer.conversation])
      if (view === undefined) throw new ProblemError('CONVERSATION_NOT_FOUND')
      return reply.code(answer.created ? 201 : 200).send(view)
    },
  )
}

function listRoutes(app: App, context: ApiContext): void {
  const { store } = context
  const onRequest = authenticate(context.accounts)
  app.get(
    '/api/conversations',
    { onRequest, schema: { tags, summary: 'My conversations', response: { 200: conversations } } },
    async (request) => {
      const { userId } = whoAsks(request)
      return {
        conversations: await conversationViews(
          store,
          userId,
          await store.conversations.ofMember(userId),
        ),
      }
    },
  )

  app.get(
    '/api/conversations/:id',
    {
      onRequest: inConversation(context),
      schema: {
        tags,
        summary: 'One conversation',
        params: idParam,
        response: { 200: conversation },
      },
    },
    async (request) => {
      const [view] = await conversationViews(store, whoAsks(request).userId, [
        theConversation(request),
      ])
      if (view === undefined) throw new ProblemError('CONVERSATION_NOT_FOUND')
      return view
    },
  )
}

function messageRoutes(app: App, context: ApiContext): void {
  const { chat, store, limits } = context
  app.get(
    '/api/conversations/:id/messages',
    {
      onRequest: inConversation(context),
      schema: {
        tags,
        summary: 'Messages, newest first',
        params: idParam,
        querystring: messagesQuery,
        response: { 200: messages },
      },
    },
    async (request) => {
      const { before, limit } = request.query
      const page = await store.messages.page(theConversation(request).id, {
        before: before ?? null,
        limit,
      })
      const notified = await store.deliveries.accepted(page.map(chatEventId))
      return { messages: page.map((each) => messageView(each, notified.has(chatEventId(each)))) }
    },
  )

  app.post(
    '/api/conversations/:id/messages',
    {
      onRequest: inConversation(context),
      schema: {
        tags,
        summary: 'Write',
        description: 'The same `clientMessageId` gives the same message.',
        params: idParam,
        body: sendMessageBody,
        response: { 201: message },
      },
    },
    async (request, reply) => {
      const { userId } = whoAsks(request)
      limits.messages.take(userId)
      const answer = await chat.send(userId, theConversation(request), request.body)
      return reply.code(201).send(messageView(answer.message, false))
    },
  )
}

function readRoute(app: App, context: ApiContext): void {
  app.post(
    '/api/conversations/:id/read',
    {
      onRequest: inConversation(context),
      schema: {
        tags,
        summary: 'I have read up to here',
        params: idParam,
        body: readBody,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const { userId } = whoAsks(request)
      const { id } = theConversation(request)
      const answer = await context.chat.read(
        userId,
        theConversation(request),
        request.body.messageId,
      )
      if (answer === 'unknown_message') throw new ProblemError('MESSAGE_NOT_FOUND')
      context.withdraw(userId, id).catch((cause: unknown) => {
        request.log.warn(
          { err: cause },
          'API: pushes of a read conversation could not be withdrawn',
        )
      })
      return reply.code(204).send()
    },
  )
}

function theConversation(request: Pick<FastifyRequest, 'conversation'>): Conversation {
  if (request.conversation === null)
    throw new Error('a route below a conversation without its hook')
  return request.conversation
}
