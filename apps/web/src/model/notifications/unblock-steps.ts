import type { BrowserDescription } from '@belfry/browser'

/**
 * One step of an instruction. `**strong**` is what the person reads on the screen, `{icon}` is a
 * sign they see there, by its name in the icon set.
 */
export type StepText = string

export interface UnblockGuide {
  /** The browser's name, as the SDK detects it. */
  readonly name: string
  readonly steps: readonly StepText[]
}

const last = 'Come back and choose **Check again**.'

const onComputers: readonly UnblockGuide[] = [
  {
    name: 'Firefox',
    steps: [
      'Select the {sliders-horizontal} sign at the start of the address bar.',
      'Beside **Send notifications**, remove **Blocked**.',
      last,
    ],
  },
  {
    name: 'Chrome',
    steps: [
      'Select the {sliders-horizontal} sign at the start of the address bar.',
      'Turn **Notifications** on. If they are not listed, open **Site settings** and set **Notifications** to **Allow**.',
      last,
    ],
  },
  {
    name: 'Edge',
    steps: [
      'Select the {lock} sign at the start of the address bar.',
      'Open **Permissions for this site** and set **Notifications** to **Allow**.',
      last,
    ],
  },
  {
    name: 'Safari',
    steps: [
      'In the menu bar, open **Safari**, **Settings**, **Websites**, **Notifications**.',
      'Set this site to **Allow**.',
      last,
    ],
  },
]

const onAndroid: readonly UnblockGuide[] = [
  {
    name: 'Chrome',
    steps: [
      'Select the {sliders-horizontal} sign at the start of the address bar.',
      'Open **Permissions**, **Notifications** and turn **Allow notifications** on.',
      last,
    ],
  },
  {
    name: 'Firefox',
    steps: [
      'Select the {lock} sign at the start of the address bar.',
      'Set **Notification** to **Allowed**.',
      last,
    ],
  },
  {
    name: 'Samsung Internet',
    steps: [
      'Select the {lock} sign at the start of the address bar.',
      'Open **Permissions** and turn **Notifications** on.',
      last,
    ],
  },
  {
    name: 'Edge',
    steps: [
      'Select the {lock} sign at the start of the address bar.',
      'Open **Permissions** and set **Notifications** to **Allow**.',
      last,
    ],
  },
]

const onApplePhones: readonly UnblockGuide[] = [
  {
    name: 'Home Screen app',
    steps: [
      'Open the **Settings** of the iPhone or iPad, then **Notifications**.',
      'Choose this app in the list and turn **Allow Notifications** on. If it is not in the list, remove it from the Home Screen and add it again.',
      last,
    ],
  },
]

function guidesOn(os: string): readonly UnblockGuide[] {
  if (os === 'iOS' || os === 'iPadOS') return onApplePhones
  return os === 'Android' ? onAndroid : onComputers
}

/** How to allow notifications again, the detected browser first. A browser we do not know gets Chrome's: most are made from it. */
export function unblockGuides({ name, os }: BrowserDescription): readonly UnblockGuide[] {
  const guides = guidesOn(os)
  const own = guides.find((guide) => guide.name === name)
  const first = own ?? guides.find((guide) => guide.name === 'Chrome') ?? guides[0]
  return first === undefined ? [] : [first, ...guides.filter((guide) => guide !== first)]
}

/** "Firefox on Linux"; "this browser" when it says nothing of itself. */
export function browserOnSystem({ name, os }: BrowserDescription): string {
  return os === '' ? browserWord(name) : `${browserWord(name)} on ${os}`
}

function browserWord(name: string): string {
  return name === 'Browser' || name === '' ? 'this browser' : name
}

/** Adding the app to the Home Screen, without which an iPhone or iPad gives no notifications. */
export const installSteps: readonly StepText[] = [
  'In Safari, select {share} Share.',
  'Choose {square-plus} Add to Home Screen.',
  'Open Belfry from the Home Screen, and turn notifications on there.',
]

/** Where the system itself may hold notifications back. */
export function systemCure(browser: BrowserDescription): string {
  const name = browserWord(browser.name)
  switch (browser.os) {
    case 'Linux':
      return `Check the system’s settings: in GNOME, Settings, Notifications, ${name} must be on, and Do Not Disturb off.`
    case 'Windows':
      return `Check the system’s settings: in Windows, Settings, System, Notifications, ${name} must be on, and Do not disturb off.`
    case 'macOS':
      return `Check the system’s settings: in System Settings, Notifications, ${name} must be allowed, and no Focus on.`
    case 'Android':
      return `Check the phone’s settings: in Apps, ${name}, notifications must be on, and Do Not Disturb off.`
    case 'iOS':
    case 'iPadOS':
      return 'Check the settings of the iPhone or iPad: in Notifications this app must be allowed, and no Focus on.'
    default:
      return `Check the system’s settings: notifications of ${name} must be on, and Do Not Disturb off.`
  }
}
