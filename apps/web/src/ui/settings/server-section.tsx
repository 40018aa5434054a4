import { useState } from 'react'
import type { Phone } from '../../model/shell/phone.ts'
import { Button } from '../button.tsx'

/** How long leaving a server waits for it: it may be the one that does not answer. */
const patienceMs = 3000

/** In the app on a phone: which server it shows, and the way to another. */
export function ServerSection({ phone }: { readonly phone: Phone }) {
  const [isLeaving, setLeaving] = useState(false)

  async function change(): Promise<void> {
    if (isLeaving) return
    setLeaving(true)
    await phone.changeServer(patienceMs)
    setLeaving(false)
  }

  return (
    <section className="section" id="server">
      <h2 className="heading">Server</h2>
      <div className="settings">
        <div className="setting">
          <div>
            <p className="setting-name cut">{window.location.host}</p>
            <p className="setting-hint">
              With another server, this one no longer rings on this phone.
            </p>
          </div>
          <Button small aria-disabled={isLeaving} onClick={() => void change()}>
            {isLeaving ? 'Leaving…' : 'Change server'}
          </Button>
        </div>
      </div>
    </section>
  )
}
