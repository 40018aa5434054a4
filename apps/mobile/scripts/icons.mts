import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * Draws every picture of the app from the product's mark, with a Chromium (its path as argument, else the one
 * on PATH). The results are committed; run it again when `apps/web/public/icons/mark.svg` changes.
 */
const root = resolve(import.meta.dirname, '..')
const mark = readFileSync(join(root, '../web/public/icons/mark.svg'), 'utf8')
const paths = mark.replace(/<style>.*?<\/style>/s, '').replace(/^<svg[^>]*>|<\/svg>\s*$/g, '')

const night = { ground: '#101418', arch: '#e7eaed', bell: '#daa84a' }
const day = { ground: 'none', arch: '#14171d', bell: '#ae7c22' }
const white = { ground: 'none', arch: '#ffffff', bell: '#ffffff' }

interface Picture {
  readonly file: string
  /** Edge in pixels. */
  readonly size: number
  /** How much of the edge the mark fills. */
  readonly share: number
  readonly colors: typeof night
}

const pictures: readonly Picture[] = [
  // iOS rounds the corners itself and allows no transparency.
  { file: 'icon', size: 1024, share: 0.7, colors: night },
  // Android shows the middle 66 of 108 units of an adaptive icon for certain.
  { file: 'adaptive-foreground', size: 1024, share: 0.5, colors: { ...night, ground: 'none' } },
  { file: 'adaptive-monochrome', size: 1024, share: 0.5, colors: white },
  { file: 'notification', size: 96, share: 0.92, colors: white },
  { file: 'splash', size: 512, share: 0.8, colors: day },
  { file: 'splash-dark', size: 512, share: 0.8, colors: { ...night, ground: 'none' } },
  { file: 'mark', size: 192, share: 1, colors: day },
  { file: 'mark-dark', size: 192, share: 1, colors: { ...night, ground: 'none' } },
]

function page({ size, share, colors }: Picture): string {
  const edge = 32 / share
  const from = (32 - edge) / 2
  // The mark's own middle lies 0.25 below that of its box.
  const box = `${from} ${from + 0.25} ${edge} ${edge}`
  return `<!doctype html><style>*{margin:0}svg{display:block}.arch{stroke:${colors.arch}}.bell{fill:${colors.bell}}
body{background:${colors.ground === 'none' ? 'transparent' : colors.ground}}</style>
<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="${box}" fill="none">${paths}</svg>`
}

const folder = mkdtempSync(join(tmpdir(), 'belfry-icons-'))
try {
  for (const picture of pictures) {
    const html = join(folder, `${picture.file}.html`)
    writeFileSync(html, page(picture))
    const { status, stderr } = spawnSync(process.argv[2] ?? 'chromium', [
      '--headless',
      '--no-sandbox',
      '--hide-scrollbars',
      '--force-device-scale-factor=1',
      '--default-background-color=00000000',
      `--window-size=${picture.size},${picture.size}`,
      `--screenshot=${join(root, 'assets', `${picture.file}.png`)}`,
      `file://${html}`,
    ])
    if (status !== 0) throw new Error(`${picture.file}.png was not drawn: ${String(stderr)}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
