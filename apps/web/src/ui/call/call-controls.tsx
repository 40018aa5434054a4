import { MessageCircle, Phone } from 'lucide-react'
import { useNavigate } from 'react-router'
import { Icon } from '../icon.tsx'

export interface CallControlsProps {
  /** The conversation the call belongs to; null when it belongs to none. */
  readonly conversationId: string | null
  readonly isBusy: boolean
  readonly onHangUp: () => void
}

/** What one can do while a call rings or is on. */
export function CallControls({ conversationId, isBusy, onHangUp }: CallControlsProps) {
  const navigate = useNavigate()
  return (
    <div className="controls is-few" role="toolbar" aria-label="Call">
      {conversationId === null ? null : (
        <button
          type="button"
          className="control"
          aria-label="Chat"
          title="Chat"
          onClick={() => void navigate(`/chats/${encodeURIComponent(conversationId)}`)}
        >
          <Icon sign={MessageCircle} />
        </button>
      )}
      <button
        type="button"
        className="end"
        aria-disabled={isBusy}
        onClick={() => isBusy || onHangUp()}
      >
        <Icon sign={Phone} className="hangs-up" />
        Hang up
      </button>
    </div>
  )
}
