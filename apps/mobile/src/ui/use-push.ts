import type { DevicePushToken } from 'expo-notifications'
import { useCallback, useEffect, useState } from 'react'
import { AppState } from 'react-native'
import type { PermissionState } from '../bridge/messages.ts'
import type { Parts } from '../native/parts.ts'
import { findPush } from '../push-token/find-push.ts'
import type { Shell } from '../shell/shell.ts'

export interface Push {
  readonly isKnown: boolean
  readonly permission: PermissionState
  readonly ask: () => Promise<void>
}

/**
 * Keeps the shell's permission and token current: at the start, whenever the app comes to the front
 * (the person may have been in the phone's settings), and when the system changes the token.
 */
export function usePush({ push, taker }: Parts, shell: Shell): Push {
  const [isKnown, setKnown] = useState(false)
  const [permission, setPermission] = useState<PermissionState>('undetermined')

  const refresh = useCallback(
    async (rolled?: DevicePushToken) => {
      const source = push.source(rolled)
      setPermission(await source.permission())
      setKnown(true)
      shell.input({ kind: 'push', ...(await findPush(source)) })
    },
    [push, shell],
  )

  useEffect(() => {
    async function start() {
      await push.prepare()
      await refresh()
    }
    void start()
    const stopRolls = push.onRoll((rolled) => void refresh(rolled))
    const fronts = AppState.addEventListener('change', (state) => {
      if (state === 'active') void refresh()
      else taker.forget()
    })
    return () => {
      stopRolls()
      fronts.remove()
    }
  }, [push, refresh, taker])

  const ask = useCallback(async () => {
    await push.ask()
    await refresh()
  }, [push, refresh])

  return { isKnown, permission, ask }
}
