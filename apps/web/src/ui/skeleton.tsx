import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'

const patienceMs = 200

/** Shows its children only after 200 ms of waiting: what comes sooner needs no skeleton. */
export function AfterAWhile({ children }: { readonly children: ReactNode }) {
  const [isLate, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patienceMs)
    return () => clearTimeout(timer)
  }, [])
  return isLate ? children : null
}

/** Rows in the shape of what comes. */
export function RowBones({ count }: { readonly count: number }) {
  return (
    <AfterAWhile>
      <div className="rows" role="status" aria-label="Loading">
        {bones.slice(0, count).map(([name, text]) => (
          <div className="row" key={`${name} ${text}`}>
            <span className="bone is-round" />
            <div>
              <span className="bone is-name" style={{ inlineSize: name }} />
              <span className="bone is-text" style={{ inlineSize: text }} />
            </div>
          </div>
        ))}
      </div>
    </AfterAWhile>
  )
}

const bones = [
  ['62%', '84%'],
  ['44%', '70%'],
  ['70%', '52%'],
  ['50%', '76%'],
  ['58%', '64%'],
  ['40%', '82%'],
  ['66%', '58%'],
  ['48%', '72%'],
] as const
