import type { Page } from 'puppeteer-core'
import { newAccount } from './account.ts'
import { hangUp, ringIsShownOn } from './call-steps.ts'
import type { Cast } from './cast.ts'
import { messageIsShown } from './chat-steps.ts'
import { register, signIn, signOut } from './door-steps.ts'
import { byRole, byText, ringDialog } from './find.ts'
import { enableNotifications, sendTestNotification } from './notification-steps.ts'

export interface Stage extends Cast {
  readonly page: Page
  readonly url: string
}

/** What is to be seen, and the way there. Scenes follow each other on one page. */
export interface Scene {
  readonly name: string
  /** The page is longer than its window: a second picture shows all of it. */
  readonly isLong?: boolean
  readonly enter: (stage: Stage) => Promise<unknown>
  readonly leave?: (stage: Stage) => Promise<unknown>
}

export const scenes: readonly Scene[] = [
  {
    name: 'sign-in',
    enter: async ({ page, url }) => {
      await page.goto(`${url}/sign-in`)
      await byRole(page, 'button', 'Sign in').wait()
    },
  },
  {
    name: 'register',
    enter: async ({ page, url }) => {
      await page.goto(`${url}/register`)
      await byRole(page, 'button', 'Register').click()
      await byText(page, 'Choose a name of at least 2 characters.').wait()
    },
  },
  emptyHome(newAccount('Nobody Yet')),
  {
    name: 'settings-off',
    isLong: true,
    enter: async ({ page, url, account }) => {
      await signIn(page, url, account)
      await page.goto(`${url}/settings/notification`)
      await byRole(page, 'button', 'Enable notifications').wait()
    },
  },
  {
    name: 'settings-on',
    isLong: true,
    enter: async ({ page }) => {
      await enableNotifications(page)
      await sendTestNotification(page)
    },
  },
  {
    name: 'home',
    enter: async ({ page, url }) => {
      await page.goto(`${url}/chats`)
      await byText(page, 'Rehearsal').wait()
    },
  },
  {
    name: 'new-conversation',
    enter: async ({ page }) => {
      await byRole(page, 'button', 'New conversation').click()
      await byText(page, 'Choose one person or several.').wait()
      await page.locator('[role="option"]').wait()
    },
    leave: ({ page }) => page.keyboard.press('Escape'),
  },
  chat('conversation', 'ana', 'see you at eight?'),
  chat('group', 'group', 'See you all tonight'),
  chat('rtl', 'noor', 'the score from Ana'),
  {
    name: 'ring',
    enter: async (stage) => {
      await chat('', 'ana', 'see you at eight?').enter(stage)
      await stage.ana.call(stage.jonas.user.id, 'video')
      await ringDialog(stage.page).wait()
    },
  },
  {
    name: 'ring-landing',
    enter: async ({ page, url, jonas }) => {
      const [call] = await jonas.ringingCalls()
      await page.goto(`${url}/calls/incoming?sessionId=${call?.sessionId}`)
      await ringDialog(page).wait()
    },
    leave: async ({ ana }) => {
      const [call] = await ana.ringingCalls()
      if (call !== undefined) await ana.step(call.sessionId, 'cancel')
    },
  },
  {
    name: 'missed-call',
    enter: ({ page }) => byText(page, 'Missed video call').wait(),
  },
  {
    name: 'calling',
    enter: async ({ page, url, chats, anasDevice }) => {
      await page.goto(`${url}/chats/${chats.ana}`)
      const rung = anasDevice.next()
      await callFrom(page)
      await rung
      await ringIsShownOn(page, 'Firefox, Linux')
    },
  },
  {
    name: 'call',
    enter: async ({ page, ana }) => {
      const [call] = await ana.ringingCalls()
      if (call === undefined) throw new Error('no call rings')
      await ana.step(call.sessionId, 'accept', 'firefox')
      await byText(page, 'Ana answered.').wait()
    },
  },
  {
    name: 'call-over',
    enter: async ({ page }) => {
      await hangUp(page)
      await byText(page, 'Call ended.').wait()
    },
    leave: async ({ page, url, account }) => {
      await page.goto(`${url}/chats`)
      await signOut(page, account)
    },
  },
]

function emptyHome(nobody: ReturnType<typeof newAccount>): Scene {
  return {
    name: 'empty',
    enter: async ({ page, url }) => {
      const account = { ...nobody, username: newAccount('nobody').username }
      await register(page, url, account)
      await byText(page, 'No conversations yet.').wait()
    },
    leave: ({ page }) => signOut(page, nobody),
  }
}

function chat(name: string, which: keyof Cast['chats'], last: string): Scene {
  return {
    name,
    enter: async ({ page, url, chats }) => {
      await page.goto(`${url}/chats/${chats[which]}`)
      await messageIsShown(page, last)
    },
  }
}

async function callFrom(page: Page): Promise<void> {
  await byRole(page, 'button', 'Video call').click()
  await byRole(page, 'button', 'Hang up').wait()
}
