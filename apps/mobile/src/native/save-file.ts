import { File, Paths } from 'expo-file-system'
import { shareAsync } from 'expo-sharing'
import { downloadAddress } from '../web-view/download-address.ts'
import { fileName } from '../web-view/file-name.ts'

export interface SaveFileOptions {
  readonly origin: string
  readonly url: string
  /** Empty: the last part of the address. */
  readonly name: string
}

/** Fetches a file of this server and offers where to put it. Another server's is left alone. */
export async function saveFile({ origin, url, name }: SaveFileOptions): Promise<void> {
  const address = downloadAddress(url, origin)
  if (address === undefined) return
  const lastPart =
    address
      .replace(/[?#].*/, '')
      .split('/')
      .at(-1) ?? ''
  const place = new File(Paths.cache, fileName(name === '' ? lastPart : name))
  try {
    const file = await File.downloadFileAsync(address, place, { idempotent: true })
    await shareAsync(file.uri)
  } finally {
    if (place.exists) place.delete()
  }
}
