import { createServer } from 'node:http'
import { listenOnLoopback } from './loopback-server.ts'
import { createJournal, type Journal } from './journal.ts'

/** What the site's service worker reports. */
interface WorkerReport {
  readonly event: string
  readonly detail: string
}

export interface StaticSite {
  readonly origin: string
  readonly reports: Journal<WorkerReport>
  readonly close: () => Promise<void>
}

const PAGE = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>rig</title>
<script>
  async function subscribe(applicationServerKey) {
    await navigator.serviceWorker.register('/sw.js')
    const { pushManager } = await navigator.serviceWorker.ready
    const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey })
    return JSON.stringify(subscription)
  }
</script>`

const WORKER = `
  const report = (event, detail) => fetch('/report?event=' + event, { method: 'POST', body: detail })
  addEventListener('install', () => skipWaiting())
  addEventListener('activate', (event) => event.waitUntil(clients.claim()))
  addEventListener('push', (event) => {
    const { title, ...options } = event.data.json()
    event.waitUntil(registration.showNotification(title, options))
  })
  addEventListener('notificationclick', (event) => {
    event.notification.close()
    const { url } = event.notification.data
    event.waitUntil(clients.openWindow(url).then(() => report('click', event.action)))
  })
  addEventListener('notificationclose', (event) => {
    event.waitUntil(report('close', event.notification.title))
  })
  addEventListener('pushsubscriptionchange', (event) => {
    event.waitUntil(report('change', event.oldSubscription ? 'old' : 'none'))
  })`

/** A page that subscribes and a worker that shows what it is pushed: the least there is to try. */
export async function startStaticSite(): Promise<StaticSite> {
  const reports = createJournal<WorkerReport>({
    name: 'reports of the service worker',
    describe: ({ event, detail }) => `${event} "${detail}"`,
  })
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (request.method === 'POST') {
      request.setEncoding('utf8').on('data', (text: string) => {
        reports.record({ event: url.searchParams.get('event') ?? '', detail: text })
      })
      request.on('end', () => response.writeHead(204).end())
      return
    }
    const worker = url.pathname === '/sw.js'
    const type = worker ? 'text/javascript' : 'text/html'
    response.writeHead(200, { 'content-type': type }).end(worker ? WORKER : PAGE)
  })
  const listening = await listenOnLoopback(server)
  return {
    origin: `http://localhost:${listening.port}`,
    reports,
    close: async () => {
      reports.close()
      await listening.close()
    },
  }
}
