import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { chromiumPath } from './chromium.ts'
import { firefoxPath } from './firefox.ts'

/** What a browser test needs beside Node. */
export type Tool = 'firefox' | 'chromium' | 'desktop' | 'openssl'

const run = promisify(execFile)

/** For each tool: whether it is here, and what to do when it is not. */
const TOOLS: Readonly<Record<Tool, { found: () => Promise<boolean>; remedy: () => string }>> = {
  firefox: {
    found: () => executable(firefoxPath()),
    remedy: () => `Firefox at ${firefoxPath()}: install firefox-esr or set FIREFOX_BIN`,
  },
  chromium: {
    found: () => executable(chromiumPath()),
    remedy: () => `Chromium at ${chromiumPath()}: install chromium or set CHROMIUM_BIN`,
  },
  desktop: {
    found: async () => (await onPath('dbus-daemon')) && (await hasLibnotify()),
    remedy: () => 'dbus-daemon and libnotify.so.4: install dbus and libnotify4 (Linux only)',
  },
  openssl: {
    found: () => onPath('openssl'),
    remedy: () => 'openssl: install openssl',
  },
}

/** One sentence for each tool that is not here; empty when a test can run. */
export async function missingTools(tools: readonly Tool[]): Promise<string[]> {
  const found = await Promise.all(tools.map((tool) => TOOLS[tool].found()))
  return tools.filter((_, index) => found[index] !== true).map((tool) => TOOLS[tool].remedy())
}

async function executable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return true
  } catch {
    // Absent or not ours to run: the caller says what to do about it.
    return false
  }
}

async function onPath(name: string): Promise<boolean> {
  const directories = (process.env['PATH'] ?? '').split(delimiter)
  const found = await Promise.all(directories.map((each) => executable(join(each, name))))
  return found.includes(true)
}

/** Firefox shows notifications through it, and refuses every one without saying why when it lacks. */
async function hasLibnotify(): Promise<boolean> {
  try {
    const { stdout } = await run('/sbin/ldconfig', ['-p'])
    return stdout.includes('libnotify.so.4')
  } catch {
    // No glibc loader cache on this system: there is no such library either.
    return false
  }
}
