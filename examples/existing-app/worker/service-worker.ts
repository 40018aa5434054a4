import { install } from '@belfry/service-worker'

declare const self: ServiceWorkerGlobalScope

install(self, { apiBase: 'https://belfry.example.com', foreignPushes: 'leave' })
