import { createServer } from 'node:http'
import { listenOnLoopback } from '../support/loopback-server.ts'

export interface Stranger {
  readonly origin: string
  readonly close: () => Promise<void>
}

/** A site of another origin that says to the page around it what only a shell may say, both ways. */
export async function startStranger(message: object): Promise<Stranger> {
  const text = JSON.stringify(message)
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><script>
      try { parent.dispatchEvent(new CustomEvent('shell', { detail: ${text} })) } catch {}
      parent.postMessage(${text}, '*')
    </script>`)
  })
  const { port, close } = await listenOnLoopback(server)
  return { origin: `http://127.0.0.1:${port}`, close }
}

/** To evaluate in a page: frames the stranger. Resolves with the origin that everybody in the page heard a message from. */
export function frameOf({ origin }: Stranger): string {
  return `new Promise((heard) => {
    window.addEventListener('message', (event) => setTimeout(() => heard(event.origin)), { once: true })
    const frame = document.createElement('iframe')
    frame.src = ${JSON.stringify(origin)}
    document.body.append(frame)
  })`
}
