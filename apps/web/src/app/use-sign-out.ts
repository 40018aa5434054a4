import { useApp } from './app-context.ts'
import { useLive } from './live-context.ts'

/** The server may be out of reach: signing out does not wait for it longer than this. */
const patienceMs = 3000

/** Signs out: this device stops ringing, the token ends, and what was begun here is forgotten. */
export function useSignOut(): () => Promise<void> {
  const { api, belfry, clock, phone, session } = useApp()
  const { drafts, outbox } = useLive()

  async function leaveBrowser(): Promise<void> {
    const late = new Promise<void>((resolve) => clock.after(resolve, patienceMs))
    const deviceId = await belfry.deviceId()
    // First, while the token still counts: it tells the server to forget this browser.
    await Promise.race([belfry.disable(), late])
    // The request takes the token along; nothing here has to wait for its answer.
    void api.logout({ deviceId })
  }

  return async () => {
    await (phone === null ? leaveBrowser() : phone.signOut(patienceMs))
    drafts.forget()
    outbox.forget()
    session.clear('left')
  }
}
