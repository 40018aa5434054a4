import type { ReactNode } from 'react'
import { Mark } from '../../ui/mark.tsx'
import { useApp } from '../../app/app-context.ts'
import { useTitle } from '../../app/use-title.ts'

/** One column of 360 px under the product's sentence: sign in and register. */
export function Door({
  title,
  children,
}: {
  readonly title: string
  readonly children: ReactNode
}) {
  useTitle(title)
  const { phone } = useApp()
  return (
    <main className="door">
      <div className="door-column">
        <Mark label="Belfry" />
        <h1>Belfry rings people.</h1>
        <p className="soft">
          Chat and calls, also while {phone === null ? 'this tab' : 'the app'} is closed.
        </p>
        {children}
      </div>
      <footer className="door-foot">
        <span>{window.location.host}</span>
      </footer>
    </main>
  )
}
