import { problem } from '@belfry/contracts'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import * as z from 'zod'
import type { App } from './app.ts'

/** For a route's `schema.security`: it needs no token. Every other route does. */
export const withoutToken: [] = []

/** `/openapi.json`, made from the routes' schemas, and `/docs`, which shows it. Before any route. */
export async function openapi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Belfry',
        version: '0.1.0',
        description:
          'Chat messages and calls that reach a closed tab. Errors are application/problem+json with a `code`; docs/errors.md explains each.',
      },
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
      security: [{ bearer: [] }],
    },
    transform: (document) => {
      const { schema, url, route } = document
      if (schema === undefined || schema.hide === true) return jsonSchemaTransform(document)
      const { produces: [type = 'application/json'] = [], ...rest } = schema
      const response = {
        ...describedResponses(schema.response ?? { 200: z.string() }, type),
        default: anyError,
      }
      const operationId = operationIdOf([route.method].flat()[0] ?? '', url)
      return jsonSchemaTransform({ ...document, schema: { ...rest, operationId, response } })
    },
  })
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
}

const anyError = {
  description: 'Refused or failed. `code` says why; docs/errors.md explains each.',
  content: { 'application/problem+json': { schema: problem } },
}

/** What a status means here; the shape says the rest. */
const described: Readonly<Record<string, string>> = {
  200: 'Done. The body is what is there now.',
  201: 'Made. The body is what is new.',
  204: 'Done. There is no body.',
  503: 'Not now. Ask again after `Retry-After`.',
}

function describedResponses(response: unknown, type: string): object {
  const entries = Object.entries(Object(response)).map(([status, schema]) => {
    const description = described[status] ?? 'The answer.'
    const isEmpty = status === '204'
    return [
      status,
      isEmpty ? z.null().describe(description) : { description, content: { [type]: { schema } } },
    ]
  })
  return Object.fromEntries(entries)
}

/**
 * From method and path, so that it stays as long as the route: `GET /api/calls/:sessionId` is
 * `getCallsBySessionId`.
 */
function operationIdOf(method: string, path: string): string {
  const words = path
    .replace(/^\/api(?=\/)/, '')
    .replaceAll(':', 'by-')
    .split(/[/-]/)
    .filter((word) => word !== '')
  return [
    method.toLowerCase(),
    ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)),
  ].join('')
}
