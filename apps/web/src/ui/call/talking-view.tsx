import { otherEnd, shortName, timerWords } from '../../model/ring-words.ts'
import { BellFace } from '../ring/bell-face.tsx'
import { CallControls } from './call-controls.tsx'
import type { CallViewProps } from './calling-view.tsx'

/** A call that was answered: who, and for how long. */
export function TalkingView({
  call,
  userId,
  serverNowMs,
  isBusy,
  problem,
  onHangUp,
}: CallViewProps) {
  const { id, name } = otherEnd(call, userId)
  const answerer = call.callees.find((callee) => callee.state === 'accepted')
  const sinceMs = call.acceptedAt === null ? 0 : serverNowMs - Date.parse(call.acceptedAt)
  const isCaller = call.callerId === userId
  return (
    <main className="call night">
      <div className="calling">
        <BellFace id={id} name={name} share={null} rings={false} />
        <h1 dir="auto">{name}</h1>
        <p className="truth">
          <time className="figures">{timerWords(sinceMs)}</time>
        </p>
        <p className="soft" role="status">
          {isCaller ? `${shortName(answerer?.displayName ?? name)} answered.` : 'You answered.'}
        </p>
        {problem === null ? null : <p role="alert">{problem}</p>}
      </div>
      <CallControls conversationId={call.conversationId} isBusy={isBusy} onHangUp={onHangUp} />
    </main>
  )
}
