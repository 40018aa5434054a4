import { problem } from '@belfry/contracts'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
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
      const { schema } = document
      if (schema === undefined || schema.hide === true) return jsonSchemaTransform(document)
      const errors = {
        description: 'Any error',
        content: { 'application/problem+json': { schema: problem } },
      }
      const response = { ...responsesOf(schema.response), default: errors }
      return jsonSchemaTransform({ ...document, schema: { ...schema, response } })
    },
  })
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
}

function responsesOf(response: unknown): object {
  return typeof response === 'object' && response !== null ? response : {}
}
