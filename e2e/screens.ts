/**
 * Pictures of every screen, made with a real server and a stock Chromium, for people to look at:
 *   node e2e/screens.ts [scene …]
 * They go to e2e/shots/; the ring on light paper also to docs/pictures/ring.png, for the README.
 */
import { execFile } from 'node:child_process'
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startExpoService } from '@belfry/expo-service'
import { startPushService } from '@belfry/push-service'
import type { Page } from 'puppeteer-core'
import { appScenes } from './story/app-scenes.ts'
import { appearances, lookAs, type Appearance } from './story/appearances.ts'
import { chromium } from './story/browser-family.ts'
import { gatherCast, type Cast } from './story/cast.ts'
import { scenes } from './story/scenes.ts'
import { scriptedShell } from './story/scripted-shell.ts'
import { startStoryRig } from './story/story-rig.ts'

const shots = join(import.meta.dirname, 'shots')
const pictures = join(import.meta.dirname, '../docs/pictures')
const wanted = process.argv.slice(2)

await mkdir(shots, { recursive: true })
await mkdir(pictures, { recursive: true })
const push = await startPushService()
const expo = await startExpoService()
const rig = await startStoryRig(chromium, {
  EXPO_PUSH_URL: expo.url,
  PUSH_ALLOWED_HOSTS: push.endpointHost,
  RING_TIMEOUT_SECONDS: '120',
})
try {
  const { url } = rig.belfry
  for (const form of ['desktop', 'phone'] as const) {
    // A server's past, anew for each: what was read on the desktop is not read on the phone.
    const cast = await gatherCast(url, push)
    const looks = appearances.filter((look) => look.form === form)
    const browser = await rig.openBrowser()
    try {
      const { user } = browser.now()
      await user.setNotifications(url, 'granted')
      const page = await user.newPage()
      await shootAll({ page, url, ...cast }, looks)
      if (form === 'phone') await shootApp((await browser.now().elsewhere()).newPage(), cast, looks)
    } finally {
      await browser.close()
    }
  }
} finally {
  await rig.close()
  await push.close()
  await expo.close()
}
await publishRing()

async function shootAll(
  stage: Parameters<(typeof scenes)[number]['enter']>[0],
  looks: readonly Appearance[],
): Promise<void> {
  const [first] = looks
  if (first !== undefined) await lookAs(stage.page, first)
  for (const { name, isLong, enter, leave } of scenes) {
    await enter(stage)
    if (wanted.length === 0 || wanted.includes(name)) {
      for (const look of looks) await shoot(stage.page, look, { name, isLong: isLong === true })
      console.log(name, looks[0]?.form)
    }
    await leave?.(stage)
  }
}

/** The app on a phone: a page with a shell around it. */
async function shootApp(
  opening: Promise<Page>,
  { account }: Cast,
  looks: readonly Appearance[],
): Promise<void> {
  const { url } = rig.belfry
  const page = await opening
  const shell = await scriptedShell(page, url, { permission: 'undetermined' })
  const [first] = looks
  if (first !== undefined) await lookAs(page, first)
  for (const { name, isLong, enter } of appScenes) {
    await enter({ page, url, account, shell, expo })
    if (wanted.length > 0 && !wanted.includes(name)) continue
    for (const look of looks) await shoot(page, look, { name, isLong })
    console.log(name, 'phone')
  }
}

async function shoot(
  page: Page,
  look: Appearance,
  { name, isLong }: { readonly name: string; readonly isLong: boolean },
): Promise<void> {
  await lookAs(page, look)
  const path = (suffix: string): `${string}.png` =>
    `${shots}/${name}-${look.form}-${look.scheme}${suffix}.png`
  await page.screenshot({ path: path('') })
  if (isLong) await page.screenshot({ path: path('-whole'), fullPage: true })
}

/** Quantised where pngquant is to be had: a third of the size, and nobody sees it. */
async function publishRing(): Promise<void> {
  if (wanted.length > 0 && !wanted.includes('ring')) return
  const [from, to] = [join(shots, 'ring-desktop-light.png'), join(pictures, 'ring.png')]
  try {
    const options = ['--quality', '80-100', '--strip', '--force', '--output', to, from]
    await promisify(execFile)('pngquant', options)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    console.log('pngquant is not installed: docs/pictures/ring.png stays as large as it came')
    await copyFile(from, to)
  }
}
