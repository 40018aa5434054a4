import { ArrowLeft, ArrowUp } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { shortName } from '../../model/ring-words.ts'
import { Button, IconButton } from '../button.tsx'
import { Icon } from '../icon.tsx'

export interface RingReplyProps {
  readonly callerName: string
  readonly isBusy: boolean
  readonly onSend: (text: string) => void
  readonly onBack: () => void
}

const suggestions = ['I will call you back.', 'Can you write to me?', 'I am in a meeting.'] as const

/** A message instead of an answer. Sending it declines the call. */
export function RingReply({ callerName, isBusy, onSend, onBack }: RingReplyProps) {
  const [text, setText] = useState('')
  const name = shortName(callerName)
  function send(event: FormEvent): void {
    event.preventDefault()
    if (text.trim() !== '' && !isBusy) onSend(text.trim())
  }
  return (
    <div className="ring-reply">
      <ul className="ring-suggestions">
        {suggestions.map((suggestion) => (
          <li key={suggestion}>
            <Button
              look="quiet"
              aria-disabled={isBusy}
              onClick={() => isBusy || onSend(suggestion)}
            >
              {suggestion}
            </Button>
          </li>
        ))}
      </ul>
      <form className="ring-write" onSubmit={send}>
        <IconButton sign={ArrowLeft} turns label="Back to the call" onClick={onBack} />
        <div className="field">
          <input
            // The person has just chosen to write: the keyboard belongs here.
            autoFocus
            dir="auto"
            maxLength={8000}
            value={text}
            onChange={(event) => setText(event.target.value)}
            aria-label={`Message to ${callerName}`}
            placeholder={`Message ${name}`}
            enterKeyHint="send"
          />
        </div>
        <button
          type="submit"
          className="send"
          aria-label="Send and decline"
          title="Send and decline"
          disabled={text.trim() === '' || isBusy}
        >
          <Icon sign={ArrowUp} />
        </button>
      </form>
      <p className="small soft">Sending declines the call.</p>
    </div>
  )
}
