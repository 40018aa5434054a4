import { Button } from '../ui/button.tsx'

/** A page that could not be shown: mostly a chunk of an older release that the server no longer has. */
export function PageFailed() {
  return (
    <main className="door">
      <div className="nothing" role="alert">
        <p>This page could not be shown. Your conversations are still there.</p>
        <Button onClick={() => window.location.reload()}>Try again</Button>
      </div>
    </main>
  )
}
