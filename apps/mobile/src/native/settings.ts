import AsyncStorage from '@react-native-async-storage/async-storage'
import { parseRecord, type PhoneRecordStore } from '../notifications/phone-record.ts'

/** What the app keeps on this phone. No session: that is the page's, in its own storage. */
export interface Settings {
  /** The server, e.g. `https://chat.example`; undefined until one is named. */
  origin(): Promise<string | undefined>
  /** What is known of another server's calls and clock is forgotten. */
  setOrigin(origin: string): Promise<void>
  /** Random, made at the first start; another after a new installation. */
  deviceId(): Promise<string>
  isPrimed(): Promise<boolean>
  setPrimed(): Promise<void>
  readonly record: PhoneRecordStore
}

const keys = {
  origin: 'server-origin',
  deviceId: 'device-id',
  primed: 'asked-for-notifications',
  record: 'phone-record',
} as const

export interface SettingsOptions {
  /** A random id that nobody can guess. */
  readonly makeId: () => string
}

export function phoneSettings({ makeId }: SettingsOptions): Settings {
  let last: Promise<unknown> = Promise.resolve()
  /** One after the other, so that no change is lost between another's reading and writing. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work)
    // A write that failed is its caller's to handle, not the next one's.
    last = turn.catch(() => undefined)
    return turn
  }
  async function readRecord() {
    return parseRecord(parseJson(await AsyncStorage.getItem(keys.record)))
  }
  return {
    origin: async () => (await AsyncStorage.getItem(keys.origin)) ?? undefined,
    setOrigin: (origin) =>
      inTurn(async () => {
        if (origin !== (await AsyncStorage.getItem(keys.origin))) {
          await AsyncStorage.removeItem(keys.record)
        }
        await AsyncStorage.setItem(keys.origin, origin)
      }),
    deviceId: () =>
      inTurn(async () => {
        const known = await AsyncStorage.getItem(keys.deviceId)
        if (known !== null) return known
        const made = makeId()
        await AsyncStorage.setItem(keys.deviceId, made)
        return made
      }),
    isPrimed: async () => (await AsyncStorage.getItem(keys.primed)) !== null,
    setPrimed: () => AsyncStorage.setItem(keys.primed, '1'),
    record: {
      read: () => inTurn(readRecord),
      change: (step) =>
        inTurn(async () =>
          AsyncStorage.setItem(keys.record, JSON.stringify(step(await readRecord()))),
        ),
    },
  }
}

function parseJson(text: string | null): unknown {
  if (text === null) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    // Cut off by a crash: begin anew.
    return undefined
  }
}
