import { Ban, Bell, BellOff, EyeOff, Smartphone, Unplug, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import type { StatusWords } from '../../model/notifications/status-words.ts'
import { Button } from '../button.tsx'
import { Icon } from '../icon.tsx'
import { Worded } from './worded.tsx'

export interface StatusLineProps<Action> {
  readonly words: StatusWords<Action>
  /** What runs now instead of the action, in words: *Testing…*. The button then explains itself and does nothing. */
  readonly running: string | null
  readonly onAction: (action: Action) => void
  /** Steps to take, below the sentence. */
  readonly children?: ReactNode
}

const icons: Readonly<Record<StatusWords['icon'], LucideIcon>> = {
  bell: Bell,
  'bell-off': BellOff,
  unplug: Unplug,
  'eye-off': EyeOff,
  smartphone: Smartphone,
  ban: Ban,
}

/** The one line: a sign, a sentence, one action. */
export function StatusLine<Action>(props: StatusLineProps<Action>) {
  const { words, running, onAction, children } = props
  const { action } = words
  return (
    <div className="status">
      <span className={`status-sign ${words.sign === 'plain' ? '' : words.sign}`.trimEnd()}>
        <Icon sign={icons[words.icon]} />
      </span>
      <div>
        {/* Only the state is read out when it changes; the sentence below counts minutes. */}
        <div role="status">
          <h2>{words.title}</h2>
        </div>
        {words.text === '' ? null : (
          <p>
            <Worded text={words.text} />
          </p>
        )}
      </div>
      {action === null ? null : (
        <Button
          look={action.isBell ? 'bell' : 'plain'}
          aria-disabled={running !== null}
          onClick={() => running === null && onAction(action.id)}
        >
          {running ?? action.label}
        </Button>
      )}
      {children === undefined || children === null ? null : <div className="more">{children}</div>}
    </div>
  )
}
