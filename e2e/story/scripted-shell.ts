import type { Page } from 'puppeteer-core'
import { createJournal, type Journal } from '../support/journal.ts'
import {
  pageScript,
  parsePageMessage,
  type PageMessage,
  type ShellMessage,
  type TokenMessage,
} from './shell-messages.ts'

/** What a shell knows of its phone's push. */
export interface PhonePush {
  readonly permission: 'granted' | 'denied' | 'undetermined'
  readonly trouble?: 'no_project' | 'no_token'
  readonly token?: TokenMessage
}

/** What a tap or a button on a notification asks of the app. */
export interface Opening {
  readonly path: string
  /** The session of a call that was answered by its button. */
  readonly answers?: string
}

/** The app on a phone around a page, played by its rules (`apps/mobile/src/shell/shell-state.ts`). */
export interface ScriptedShell {
  /** What the page said, in order. */
  readonly heard: Journal<PageMessage>
  /** What it said that a shell drops. */
  readonly dropped: readonly string[]
  /** Starts the app: the page begins where a tap that started it leads. */
  readonly start: (opening?: Opening) => Promise<void>
  readonly tap: (opening: Opening) => Promise<void>
  /** The app comes to the front, or the person, or the system, has changed something. */
  readonly tellPush: (push: PhonePush) => Promise<void>
}

const documentMessage = 'belfry-shell-document'

/** Puts a shell around a page that has not been opened yet. */
export async function scriptedShell(
  page: Page,
  origin: string,
  initial: PhonePush,
): Promise<ScriptedShell> {
  const heard = createJournal<PageMessage>({
    name: 'messages of the page',
    describe: (message) => JSON.stringify(message),
  })
  const dropped: string[] = []
  let push = initial
  let isReady = false
  let waiting: Partial<Opening> = {}

  const tell = async (message: ShellMessage): Promise<void> => {
    await page.evaluate(pageScript(origin, message)).catch(() => {
      // The document has gone meanwhile: a WebView then runs the script nowhere, and says nothing.
    })
  }
  const tellPushNow = async (): Promise<void> => {
    const { permission, trouble, token } = push
    await tell({ v: 1, type: 'PERMISSION', state: permission, ...(trouble && { trouble }) })
    if (token !== undefined) await tell(token)
  }
  const tellWaiting = async (): Promise<void> => {
    const { path, answers } = waiting
    waiting = {}
    if (path !== undefined) await tell({ v: 1, type: 'NAVIGATE', path })
    if (answers !== undefined) {
      await tell({ v: 1, type: 'CALL_ACTION', id: answers, action: 'answer' })
    }
  }
  const receive = async (sender: string, text: string): Promise<void> => {
    if (sender !== origin) return
    if (text === documentMessage) {
      isReady = false
      return
    }
    const message = parsePageMessage(text)
    if (message === undefined) {
      dropped.push(text)
      return
    }
    heard.record(message)
    if (message.type !== 'SHELL_READY?') return
    isReady = true
    await tellPushNow()
    await tellWaiting()
  }
  await page.exposeFunction('__toShell', receive)
  await page.evaluateOnNewDocument(WEB_VIEW)

  return {
    heard,
    dropped,
    start: async ({ path, ...rest } = { path: '/' }) => {
      waiting = rest
      await page.goto(origin + path)
    },
    tap: async (opening) => {
      waiting = opening
      if (isReady) await tellWaiting()
    },
    tellPush: async (next) => {
      push = next
      if (isReady) await tellPushNow()
    },
  }
}

/** As a WebView has it: in every frame, whoever's it is; the document's own word from the main frame. */
const WEB_VIEW = `
  window.ReactNativeWebView = { postMessage: (text) => void window.__toShell(location.origin, String(text)) }
  if (window === window.top) window.ReactNativeWebView.postMessage(${JSON.stringify(documentMessage)})`
