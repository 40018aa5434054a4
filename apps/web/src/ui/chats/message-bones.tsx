import { BackToChats } from './back-to-chats.tsx'
import { AfterAWhile } from '../skeleton.tsx'

/** The header of a conversation that is not there: on a phone still the way back. */
export function BareHeader({ onlyOnPhone = false }: { readonly onlyOnPhone?: boolean }) {
  return (
    <header className={onlyOnPhone ? 'top phone-top' : 'top'}>
      <BackToChats />
      <h1 className="unseen">Conversation</h1>
    </header>
  )
}

/** Bubbles in the shape of what comes. */
export function MessageBones() {
  return (
    <AfterAWhile>
      <div className="messages" role="status" aria-label="Loading">
        <div className="column stream">
          {bones.map(([side, inlineSize, blockSize]) => (
            <div className={side === 'mine' ? 'group is-mine' : 'group'} key={inlineSize}>
              <span className="bone is-bubble" style={{ inlineSize, blockSize }} />
            </div>
          ))}
        </div>
      </div>
    </AfterAWhile>
  )
}

const bones = [
  ['theirs', '58%', 58],
  ['mine', '44%', 36],
  ['theirs', '36%', 36],
  ['mine', '52%', 80],
  ['theirs', '47%', 36],
  ['mine', '30%', 36],
] as const
