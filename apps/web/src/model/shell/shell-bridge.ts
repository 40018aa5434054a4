import type { Clock } from '../clock.ts'
import type { PostToShell } from './find-shell.ts'
import {
  pageMessageText,
  parseShellMessage,
  parseTokenMessage,
  type PageMessage,
  type ShellMessage,
} from './shell-message.ts'

export interface ShellBridgeOptions {
  readonly page: Pick<Window, 'addEventListener' | 'removeEventListener' | 'location'>
  readonly post: PostToShell
  readonly clock: Pick<Clock, 'after' | 'every'>
  readonly onMessage: (message: ShellMessage) => void
  /** The shell has not answered for 5 s. It may still do so. */
  readonly onSilence: () => void
}

export interface ShellBridge {
  send(message: PageMessage): void
  close(): void
}

/** The shell says nothing before it was asked, and may not listen yet when the page begins. */
const askEveryMs = 250
const askForMs = 5000

/** Opens the way between this page and the shell: asks until it answers, then hears what it says. */
export function openShellBridge(options: ShellBridgeOptions): ShellBridge {
  const { page, post, clock, onMessage, onSilence } = options
  const send = (message: PageMessage): void => post(pageMessageText(message))

  function hear(message: ShellMessage | null): void {
    if (message === null) return
    if (message.type === 'PERMISSION') stopAsking()
    onMessage(message)
  }
  const onShell = (event: Event): void => {
    if (event instanceof CustomEvent) hear(parseShellMessage(event.detail))
  }
  const onPosted = (event: MessageEvent<unknown>): void => {
    if (isOfThisPage(event, page)) hear(parseTokenMessage(event.data))
  }
  page.addEventListener('shell', onShell)
  page.addEventListener('message', onPosted)

  const ask = (): void => send({ type: 'SHELL_READY?' })
  const stopRepeating = clock.every(ask, askEveryMs)
  const stopWaiting = clock.after(() => {
    stopRepeating()
    onSilence()
  }, askForMs)
  function stopAsking(): void {
    stopRepeating()
    stopWaiting()
  }
  ask()
  // Named before this page listened.
  hear(parseTokenMessage(Reflect.get(page, '__EXPO_PUSH_TOKEN__')))

  return {
    send,
    close() {
      stopAsking()
      page.removeEventListener('shell', onShell)
      page.removeEventListener('message', onPosted)
    },
  }
}

/**
 * The shell's event is made by a script within the page: it has no source, and the page's origin or
 * (made without one) none. What a frame or another window posts always bears its sender's origin,
 * even when the sender is gone and the source with it (HTML, 9.3.3, window post message steps).
 */
function isOfThisPage(
  { origin, source }: MessageEvent<unknown>,
  page: ShellBridgeOptions['page'],
): boolean {
  const isOwn = origin === page.location.origin
  return source === null ? isOwn || origin === '' : isOwn && source === page
}
