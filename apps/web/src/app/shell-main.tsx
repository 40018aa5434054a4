import type { ReactNode } from 'react'

/** A page without a list of its own: the list pane stays empty paper. */
export function ShellMain({ children }: { readonly children: ReactNode }) {
  return (
    <>
      <div className="list-pane" />
      <main className="main">{children}</main>
    </>
  )
}
