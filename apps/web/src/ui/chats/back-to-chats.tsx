import { ArrowLeft } from 'lucide-react'
import { Link } from 'react-router'
import { Icon } from '../icon.tsx'

/** On a phone the conversation is a page of its own. */
export function BackToChats() {
  return (
    <Link className="icon-button back" to="/chats" aria-label="Back to chats">
      <Icon sign={ArrowLeft} className="turns" />
    </Link>
  )
}
