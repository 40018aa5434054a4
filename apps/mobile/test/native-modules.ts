import { NativeModules } from 'react-native'

// What a phone's binary brings and this machine lacks, beyond what jest-expo stands in for.

type Done<T> = (errors: null, result: T) => void

const stored = new Map<string, string>()

Object.assign(NativeModules, {
  RNCWebViewModule: {
    isFileUploadSupported: async () => true,
    shouldStartLoadWithLockIdentifier: () => undefined,
  },
  RNCAsyncStorage: {
    multiGet(names: readonly string[], done: Done<ReadonlyArray<[string, string | null]>>) {
      const found = names.map((name): [string, string | null] => [name, stored.get(name) ?? null])
      // A phone answers later, so that what is not in turn shows.
      setTimeout(() => done(null, found), 1)
    },
    multiSet(pairs: ReadonlyArray<readonly [string, string]>, done: Done<null>) {
      setTimeout(() => {
        for (const [name, value] of pairs) stored.set(name, value)
        done(null, null)
      }, 1)
    },
    multiRemove(names: readonly string[], done: Done<null>) {
      for (const name of names) stored.delete(name)
      done(null, null)
    },
  },
})
