import { install } from './install.ts'

declare const self: ServiceWorkerGlobalScope

install(self)
