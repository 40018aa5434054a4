import type { Call } from '@belfry/contracts'
import { Phone, Video } from 'lucide-react'
import { Link } from 'react-router'
import { otherEnd, outcomeWords } from '../../model/ring-words.ts'
import { Button } from '../button.tsx'
import { BellFace } from '../ring/bell-face.tsx'
import { callBackBody, useStartCall } from './use-start-call.ts'

export interface OverViewProps {
  readonly call: Call
  readonly userId: string
}

/** The call has just come to its end in front of the person: what ended it, and what one can do now. */
export function OverView({ call, userId }: OverViewProps) {
  const { id, name } = otherEnd(call, userId)
  const words = outcomeWords(call, { userId })
  const { start, isStarting, problem } = useStartCall()
  return (
    <main className="call night">
      <div className="calling">
        <BellFace id={id} name={name} share={null} rings={false} />
        <h1 dir="auto">{name}</h1>
        <p className="truth" role="status">
          {`${words.title}.`}
        </p>
        {words.text === '' ? null : <p className="soft">{words.text}</p>}
        {problem === null ? null : <p role="alert">{problem}</p>}
        <div className="call-after">
          <Link
            className="button"
            to={
              call.conversationId === null
                ? '/chats'
                : `/chats/${encodeURIComponent(call.conversationId)}`
            }
          >
            {call.conversationId === null ? 'Back to chats' : 'Message'}
          </Link>
          <Button
            look="primary"
            sign={call.media === 'video' ? Video : Phone}
            aria-disabled={isStarting}
            onClick={() => start(callBackBody(call, userId))}
          >
            {call.callerId === userId ? 'Call again' : 'Call back'}
          </Button>
        </div>
      </div>
    </main>
  )
}
