import type { Call } from '@belfry/contracts'
import { BellRing } from 'lucide-react'
import { shareLeft } from '../../model/ring-state.ts'
import { callingWords, clockWords, otherEnd } from '../../model/ring-words.ts'
import { Icon } from '../icon.tsx'
import { BellFace } from '../ring/bell-face.tsx'
import { CallControls } from './call-controls.tsx'

export interface CallViewProps {
  readonly call: Call
  readonly userId: string
  /** The server's clock, milliseconds since the epoch. */
  readonly serverNowMs: number
  readonly isBusy: boolean
  readonly problem: string | null
  readonly onHangUp: () => void
}

/** The caller's side while it rings: the truth in words, nothing more. */
export function CallingView({
  call,
  userId,
  serverNowMs,
  isBusy,
  problem,
  onHangUp,
}: CallViewProps) {
  const { id, name } = otherEnd(call, userId)
  const words = callingWords(call, serverNowMs)
  const sinceMs = serverNowMs - Date.parse(call.startedAt)
  const leftMs = Date.parse(call.ringExpiresAt) - serverNowMs
  return (
    <main className="call night">
      <div className="calling">
        <BellFace id={id} name={name} share={shareLeft(call, leftMs)} rings={words.isRinging} />
        <h1 dir="auto">{name}</h1>
        <p className="truth" role="status">
          {words.isRinging ? <Icon sign={BellRing} /> : null}
          {words.truth}
        </p>
        <p className="soft">
          {words.beside === '' ? '' : `${words.beside} · `}
          <span className="figures">{clockWords(sinceMs)}</span>
        </p>
        {problem === null ? null : <p role="alert">{problem}</p>}
      </div>
      <CallControls conversationId={call.conversationId} isBusy={isBusy} onHangUp={onHangUp} />
    </main>
  )
}
