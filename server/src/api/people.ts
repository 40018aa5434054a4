import { me, updateMeBody, users, usersQuery } from '@belfry/contracts'
import type { Person } from '../people/person.ts'
import { meView, userView } from '../people/user-view.ts'
import { whoAsks, type ApiContext, type App } from './app.ts'
import { authenticate } from './authenticate.ts'
import { ProblemError } from './problem.ts'

const mostFound = 20

export function peopleRoutes(app: App, context: ApiContext): void {
  const { accounts, store } = context
  const onRequest = authenticate(accounts)

  app.get(
    '/api/me',
    { onRequest, schema: { tags: ['people'], summary: 'Who am I', response: { 200: me } } },
    async (request) => meView(orGone(await store.people.byId(whoAsks(request).userId))),
  )

  app.patch(
    '/api/me',
    {
      onRequest,
      schema: {
        tags: ['people'],
        summary: 'Change my details',
        body: updateMeBody,
        response: { 200: me },
      },
    },
    async (request) => meView(orGone(await accounts.update(whoAsks(request).userId, request.body))),
  )

  app.get(
    '/api/users',
    {
      onRequest,
      schema: {
        tags: ['people'],
        summary: 'Find people',
        querystring: usersQuery,
        response: { 200: users },
      },
    },
    async (request) => {
      const found = await store.people.search(request.query.query.trim(), mostFound + 1)
      const others = found.filter((person) => person.id !== whoAsks(request).userId)
      return { users: others.slice(0, mostFound).map(userView) }
    },
  )
}

/** A valid token of somebody who is no longer here. */
function orGone(person: Person | null): Person {
  if (person === null) throw new ProblemError('UNAUTHENTICATED')
  return person
}
