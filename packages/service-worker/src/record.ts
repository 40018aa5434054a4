/** What the pages of the same origin share with the worker: `@belfry/service-worker/record`. */
export * from './record/index.ts'
export { isPushFacts } from './read-push.ts'
export { settle } from './seen-deliveries.ts'
export { patientStore } from './within.ts'
