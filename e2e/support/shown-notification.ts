interface NotificationAction {
  readonly key: string
  readonly label: string
}

/** A D-Bus hint as plain data: 64-bit numbers are numbers, images are named by their size only. */
type HintValue = string | number | boolean | null | readonly HintValue[]

/** One `Notify` call as the desktop received it. */
export interface ShownNotification {
  readonly id: number
  readonly appName: string
  /** Path or name of the app's icon; often empty. */
  readonly appIcon: string
  readonly summary: string
  /** May hold markup: Chromium puts a link to the origin and a blank line first. */
  readonly body: string
  readonly actions: readonly NotificationAction[]
  readonly hints: Readonly<Record<string, HintValue>>
  /** 0, or the id of the notification whose place this one takes. */
  readonly replacesId: number
  /** -1 = the desktop decides, 0 = never, else milliseconds. */
  readonly expireTimeoutMs: number
}

/** Reads the arguments of `Notify(s u s s s as a{sv} i)`. */
export function parseNotify(args: readonly unknown[]): Omit<ShownNotification, 'id'> {
  const [appName, replacesId, appIcon, summary, body, actions, hints, expireTimeout] = args
  return {
    appName: text(appName),
    replacesId: integer(replacesId),
    appIcon: text(appIcon),
    summary: text(summary),
    body: text(body),
    actions: pairs(list(actions).map(text)),
    hints: plainHints(hints),
    expireTimeoutMs: integer(expireTimeout),
  }
}

/** The pressed button's key, found by its label: Firefox and Chromium number them differently. */
export function actionKey(notification: ShownNotification, label: string): string {
  const action = notification.actions.find((candidate) => candidate.label === label)
  if (action !== undefined) return action.key
  const labels = notification.actions.map((candidate) => candidate.label).join(', ')
  throw new Error(`notification ${notification.id} has no button "${label}", only: ${labels}`)
}

function pairs(flat: readonly string[]): NotificationAction[] {
  return flat.flatMap((key, index) =>
    index % 2 === 0 ? [{ key, label: flat[index + 1] ?? '' }] : [],
  )
}

function plainHints(hints: unknown): Record<string, HintValue> {
  if (typeof hints !== 'object' || hints === null) return {}
  return Object.fromEntries(Object.entries(hints).map(([name, value]) => [name, plain(value)]))
}

function plain(value: unknown): HintValue {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'string' || typeof value === 'number') return value
  if (typeof value === 'boolean') return value
  if (Buffer.isBuffer(value)) return `<${value.length} bytes>`
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null && 'value' in value) return plain(value.value)
  return null
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`Notify sent ${typeof value} for a string`)
  return value
}

function integer(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError(`Notify sent ${typeof value} for a number`)
  return value
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`Notify sent ${typeof value} for a list`)
  return value
}
