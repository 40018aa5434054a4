import type { Call } from '@belfry/contracts'
import { ArrowLeft, MessageCircle, Phone, Video } from 'lucide-react'
import { Link } from 'react-router'
import { recordSteps, recordSummary } from '../../model/ring-record.ts'
import { isOver } from '../../model/ring-state.ts'
import { otherEnd, outcomeWords } from '../../model/ring-words.ts'
import type { WhenOptions } from '../../model/notifications/when-words.ts'
import { Avatar } from '../avatar.tsx'
import { Button } from '../button.tsx'
import { Icon } from '../icon.tsx'
import { recordSigns } from './record-signs.ts'
import { callBackBody, useStartCall } from './use-start-call.ts'

export interface CallRecordProps {
  readonly call: Call
  readonly userId: string
  readonly when: WhenOptions
}

/** What became of one call, for who comes to it later. */
export function CallRecord({ call, userId, when }: CallRecordProps) {
  const words = outcomeWords(call, { userId })
  const { start, isStarting, problem } = useStartCall()
  return (
    <main className="main call-record">
      <RecordHead
        call={call}
        userId={userId}
        isStarting={isStarting}
        onCallBack={() => start(callBackBody(call, userId))}
      />
      <div className="messages">
        <div className="column record">
          <h2 className="title">{words.title}</h2>
          <p className="soft">
            {recordSummary(call, { userId, when })} {words.text}
          </p>
          {problem === null ? null : <p role="alert">{problem}</p>}
          <ol className="steps">
            {recordSteps(call, { userId, when }).map((step) => (
              <li key={step.name} className="step">
                <Icon sign={recordSigns[step.sign]} />
                <span className="step-name">{step.name}</span>
                {step.at === '' ? null : <span className="figures">{step.at}</span>}
                {step.detail === '' ? null : <span className="step-detail">{step.detail}</span>}
              </li>
            ))}
          </ol>
          {call.state === 'accepted' ? (
            <Link className="button" to={`/calls/${encodeURIComponent(call.sessionId)}`}>
              Open the call here
            </Link>
          ) : null}
        </div>
      </div>
    </main>
  )
}

interface RecordHeadProps {
  readonly call: Call
  readonly userId: string
  readonly isStarting: boolean
  readonly onCallBack: () => void
}

function RecordHead({ call, userId, isStarting, onCallBack }: RecordHeadProps) {
  const { id, name } = otherEnd(call, userId)
  return (
    <header className="top">
      <Link className="icon-button call-record-back" to="/chats" aria-label="Back to chats">
        <Icon sign={ArrowLeft} className="turns" />
      </Link>
      <div className="person grow">
        <Avatar id={id} name={name} size={36} />
        <div>
          <h1 className="person-name cut" dir="auto">
            {name}
          </h1>
        </div>
      </div>
      {call.conversationId === null ? null : (
        <Link
          className="button quiet"
          to={`/chats/${encodeURIComponent(call.conversationId)}`}
          aria-label={`Message ${name}`}
        >
          <Icon sign={MessageCircle} />
          <span className="on-desk">Message</span>
        </Link>
      )}
      {isOver(call.state) ? (
        <Button
          look="primary"
          sign={call.media === 'video' ? Video : Phone}
          aria-disabled={isStarting}
          onClick={onCallBack}
        >
          {call.callerId === userId ? 'Call again' : 'Call back'}
        </Button>
      ) : null}
    </header>
  )
}
