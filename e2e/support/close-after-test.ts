import { onTestFinished } from 'vitest'

interface Closeable {
  readonly close: () => Promise<void>
}

/** What was opened, to be closed when the running test ends, however it ends. */
export async function closeAfterTest<T extends Closeable>(opening: Promise<T> | T): Promise<T> {
  const opened = await opening
  onTestFinished(() => opened.close())
  return opened
}
