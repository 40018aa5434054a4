import type { RecordKey, RecordStore } from './record-store.ts'

const table = 'record'

/** The store of a real browser. Opens at first use; a lost connection is opened anew by the next call. */
export function indexedDbStore(factory: IDBFactory): RecordStore {
  let connection: Promise<IDBDatabase> | null = null
  const onLost = () => {
    connection = null
  }

  async function transact(key: RecordKey, step?: (current: unknown) => unknown): Promise<unknown> {
    connection ??= open(factory, onLost)
    const transaction = (await connection).transaction(table, step ? 'readwrite' : 'readonly')
    return new Promise((resolve, reject) => {
      const rows = transaction.objectStore(table)
      const request = rows.get(key)
      if (step) request.addEventListener('success', () => rows.put(step(request.result), key))
      transaction.addEventListener('complete', () => resolve(request.result))
      transaction.addEventListener('abort', () => reject(transaction.error))
    })
  }

  return {
    read: (key) => transact(key),
    async change(key, step) {
      await transact(key, step)
    },
  }
}

function open(factory: IDBFactory, onLost: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open('belfry', 1)
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(table))
    request.addEventListener('success', () => {
      const database = request.result
      const letGo = () => {
        database.close()
        onLost()
      }
      // A page of a newer version waits for us to let go; clearing the site's data closes it for us.
      database.addEventListener('versionchange', letGo)
      database.addEventListener('close', letGo)
      resolve(database)
    })
    request.addEventListener('error', () => {
      onLost()
      reject(request.error)
    })
  })
}
