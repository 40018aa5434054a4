import type { CSSProperties } from 'react'
import { Avatar } from '../avatar.tsx'

export interface BellFaceProps {
  readonly id: string
  readonly name: string
  /** What is left of the ring window, 1 to 0; null draws no ring around the face. */
  readonly share: number | null
  /** The strokes of the bell: a device rings now. */
  readonly rings: boolean
}

/** A face in its ring: the brass arc is the time that is left, the strokes around it are the bell. Decoration. */
export function BellFace({ id, name, share, rings }: BellFaceProps) {
  return (
    <div className="bell-face" aria-hidden="true">
      {rings ? (
        <>
          <span className="stroke" />
          <span className="stroke" />
        </>
      ) : null}
      {share === null ? null : <Countdown share={share} />}
      <Avatar id={id} name={name} />
    </div>
  )
}

function Countdown({ share }: { readonly share: number }) {
  const left: CSSProperties & Record<'--left', number> = { '--left': share }
  return (
    <svg style={left}>
      <circle className="track" cx="50%" cy="50%" r="48.5%" />
      <circle className="left" cx="50%" cy="50%" r="48.5%" pathLength="100" />
    </svg>
  )
}
