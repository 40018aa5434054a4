import type { ReactNode } from 'react'
import { Button } from './button.tsx'

/** Empty: one sentence and the one useful action. */
export function Nothing({ children }: { readonly children: ReactNode }) {
  return <div className="nothing">{children}</div>
}

export interface FailedProps {
  /** What failed, in one sentence or two. */
  readonly children: ReactNode
  readonly onRetry: () => void
}

/** Failed: what, and the way to try again. */
export function Failed({ children, onRetry }: FailedProps) {
  return (
    <div className="nothing" role="alert">
      <p>{children}</p>
      <Button onClick={onRetry}>Try again</Button>
    </div>
  )
}
