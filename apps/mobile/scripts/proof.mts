import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { env } from 'node:process'

/**
 * Proves, without a network and without an Android or Apple tool chain, that the app bundles and
 * that the native projects made from it say what they must: `npm run proof`, after `npm ci`.
 * Prints a line for each thing looked at; fails when one is missing.
 */
const root = resolve(import.meta.dirname, '..')
const host = 'chat.example.org'
const appId = 'org.example.belfry'
const environment = {
  ...env,
  EXPO_OFFLINE: '1',
  EXPO_NO_TELEMETRY: '1',
  CI: '1',
  BELFRY_APP_ID: appId,
  BELFRY_LINK_HOST: host,
  EAS_PROJECT_ID: '00000000-0000-4000-8000-000000000000',
}

const failures: string[] = []
let passed = 0

function check(what: string, isSo: boolean) {
  process.stdout.write(`${isSo ? 'ok  ' : 'FAIL'} ${what}\n`)
  if (isSo) passed += 1
  else failures.push(what)
}

function expo(folder: string, ...args: string[]): boolean {
  const cli = join(root, 'node_modules/expo/bin/cli')
  const { status } = spawnSync(process.execPath, [cli, ...args], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return status === 0
}

function read(...path: string[]): string {
  const file = join(...path)
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

/** Every pinned module is the version that this Expo SDK was made with. */
function checkVersions() {
  const wanted = parseMap(read(root, 'node_modules/expo/bundledNativeModules.json'))
  const manifest = parseObject(read(root, 'package.json'))
  const pinned = new Map([
    ...entriesOf(manifest['dependencies']),
    ...entriesOf(manifest['devDependencies']),
  ])
  check(
    'every dependency is pinned exactly',
    [...pinned.values()].every((version) => /^\d+\.\d+\.\d+$/.test(version)),
  )
  const odd = [...pinned].filter(([name, version]) => {
    const range = wanted.get(name)
    if (range === undefined) return false
    const least = range.replace(/^[~^]/, '')
    // `~57.0.21` allows patches; a bare version is exact.
    return range.startsWith('~')
      ? version.split('.').slice(0, 2).join('.') !== least.split('.').slice(0, 2).join('.')
      : version !== least
  })
  check(`the versions are those of the SDK ${odd.map(String).join(' ')}`.trim(), odd.length === 0)
  const lock = read(root, 'package-lock.json')
  check('the lockfile records no download address', !/"resolved": "[a-z+]+:\/\//.test(lock))
}

function checkAndroid(folder: string) {
  const manifest = read(folder, 'android/app/src/main/AndroidManifest.xml')
  for (const name of [
    'CAMERA',
    'RECORD_AUDIO',
    'MODIFY_AUDIO_SETTINGS',
    'POST_NOTIFICATIONS',
    'INTERNET',
  ]) {
    const permission = `<uses-permission android:name="android.permission.${name}"/>`
    check(`Android asks for ${name}`, manifest.includes(permission))
  }
  for (const name of ['WRITE_EXTERNAL_STORAGE', 'SYSTEM_ALERT_WINDOW']) {
    const removed = `android:name="android.permission.${name}" tools:node="remove"`
    check(`Android does not ask for ${name}`, manifest.includes(removed))
  }
  check(
    'no backup carries the device id to another phone',
    manifest.includes('android:allowBackup="false"'),
  )
  check('no plain http in a release', !manifest.includes('usesCleartextTraffic="true"'))
  const link =
    /<intent-filter android:autoVerify="true"[^>]*>.*?<\/intent-filter>/s.exec(manifest)?.[0] ?? ''
  check(
    'links of the host open the app',
    link.includes(`android:scheme="https" android:host="${host}"`),
  )
  check('the own scheme opens the app', manifest.includes('<data android:scheme="belfry"/>'))
  check(
    'pushes without a channel go to messages_v1',
    /default_notification_channel_id" android:value="messages_v1"/.test(manifest),
  )
  check(
    'the notification icon is named',
    /default_notification_icon" android:resource="@drawable\/notification_icon"/.test(manifest),
  )
  const resources = join(folder, 'android/app/src/main/res')
  check(
    'the notification icon is there',
    existsSync(join(resources, 'drawable-xxhdpi/notification_icon.png')),
  )
  check('the ring is there', existsSync(join(resources, 'raw/ring.wav')))
  const icon = read(resources, 'mipmap-anydpi-v26/ic_launcher.xml')
  check('the icon adapts, and has one colour where asked to', icon.includes('<monochrome'))
  const gradle = read(folder, 'android/app/build.gradle')
  check('the package is the one asked for', gradle.includes(`applicationId '${appId}'`))
}

function checkIos(folder: string) {
  const ios = join(folder, 'ios/Belfry')
  const info = read(ios, 'Info.plist')
  for (const key of ['NSCameraUsageDescription', 'NSMicrophoneUsageDescription']) {
    check(
      `iOS says why: ${key}`,
      new RegExp(`<key>${key}</key>\\s*<string>[^<$]{20,}</string>`).test(info),
    )
  }
  const modes = /<key>UIBackgroundModes<\/key>\s*<array>(.*?)<\/array>/s.exec(info)?.[1] ?? ''
  check('iOS wakes the app for a push', modes.includes('<string>remote-notification</string>'))
  check('no plain http', /<key>NSAllowsArbitraryLoads<\/key>\s*<false\/>/.test(info))
  check('the own scheme opens the app', info.includes('<string>belfry</string>'))
  check('both light and dark', /<key>UIUserInterfaceStyle<\/key>\s*<string>Automatic</.test(info))
  const rights = read(ios, 'Belfry.entitlements')
  check('pushes reach it', /<key>aps-environment<\/key>/.test(rights))
  const timeSensitive = /com\.apple\.developer\.usernotifications\.time-sensitive<\/key>\s*<true\/>/
  check('calls break through a Focus', timeSensitive.test(rights))
  check('links of the host open the app', rights.includes(`<string>applinks:${host}</string>`))
  const project = read(folder, 'ios/Belfry.xcodeproj/project.pbxproj')
  check('the ring is in the app', project.includes('ring.wav'))
  check('the bundle identifier is the one asked for', project.includes(appId))
  const icons = join(ios, 'Images.xcassets/AppIcon.appiconset')
  const pictures = existsSync(icons) ? readdirSync(icons) : []
  check(
    'the icon is there',
    pictures.some((name) => name.endsWith('.png')),
  )
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function parseMap(text: string): ReadonlyMap<string, string> {
  return new Map(entriesOf(parseObject(text)))
}

function entriesOf(value: unknown): ReadonlyArray<[string, string]> {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
}

const folder = mkdtempSync(join(tmpdir(), 'belfry-mobile-'))
try {
  checkVersions()
  const bundle = join(folder, 'bundle')
  const startedMs = Date.now()
  check(
    'the app bundles for Android',
    expo(root, 'export', '--platform', 'android', '--output-dir', bundle),
  )
  const code = join(bundle, '_expo/static/js/android')
  const files = existsSync(code) ? readdirSync(code) : []
  check(
    'the bundle is byte code for Hermes',
    files.some((name) => name.endsWith('.hbc')),
  )
  const bundledMs = Date.now()
  const project = join(folder, 'project')
  // Made in a copy: `prebuild` writes beside the sources.
  for (const name of [
    'package.json',
    'app.config.ts',
    'tsconfig.json',
    'index.ts',
    'src',
    'assets',
  ]) {
    cpSync(join(root, name), join(project, name), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'))
  check('the native projects are made', expo(project, 'prebuild', '--no-install'))
  checkAndroid(project)
  checkIos(project)
  const seconds = (ms: number) => Math.round(ms / 1000)
  process.stdout.write(
    `export ${seconds(bundledMs - startedMs)} s, prebuild ${seconds(Date.now() - bundledMs)} s\n`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(`${passed} passed, ${failures.length} failed, 0 skipped\n`)
process.exitCode = failures.length === 0 ? 0 : 1
