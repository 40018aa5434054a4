import { useEffect, useState, useSyncExternalStore } from 'react'
import { Navigate, Outlet, useLocation } from 'react-router'
import type { User } from '@belfry/contracts'
import { createLive, type Live } from '../model/live.ts'
import { IncomingCallDialog } from '../ui/ring/incoming-call-dialog.tsx'
import { ToastList } from '../ui/toast-list.tsx'
import { useApp, useSession } from './app-context.ts'
import { LiveContext, useLive } from './live-context.ts'
import { signInPath } from './next-path.ts'
import { useVisible } from './use-visible.ts'

/** Everything behind sign-in. Without a session it leads to the door, which leads back here. */
export function SignedIn() {
  const session = useSession()
  const location = useLocation()
  const { session: store } = useApp()
  if (session === null) {
    return <Navigate to={store.wasLeft() ? '/sign-in' : signInPath(location)} replace />
  }
  return <LivePages key={session.token} me={session.user} />
}

function LivePages({ me }: { readonly me: User }) {
  const app = useApp()
  const [live, setLive] = useState<Live | null>(null)

  useEffect(() => {
    const opened = createLive(app, me)
    const flush = () => opened.outbox.flush()
    window.addEventListener('online', flush)
    setLive(opened)
    return () => {
      window.removeEventListener('online', flush)
      opened.close()
    }
  }, [app, me])
  useVisible(live?.attention)

  if (live === null) return null
  return (
    <LiveContext value={live}>
      <Outlet />
      <Toasts />
      <IncomingCallDialog />
    </LiveContext>
  )
}

function Toasts() {
  const { toasts } = useLive()
  const shown = useSyncExternalStore(toasts.subscribe, toasts.snapshot)
  return (
    <ToastList
      toasts={shown}
      onDismiss={toasts.dismiss}
      onHold={toasts.hold}
      onResume={toasts.resume}
    />
  )
}
