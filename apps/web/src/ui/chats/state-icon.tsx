import { Bell, Check, CheckCheck, CircleAlert, Clock3 } from 'lucide-react'
import type { MessageState } from '../../model/message-stream.ts'
import { Icon } from '../icon.tsx'

const signs = {
  sending: Clock3,
  sent: Check,
  notified: Bell,
  seen: CheckCheck,
  failed: CircleAlert,
}

export const stateWords = {
  sending: 'Sending…',
  sent: 'Sent',
  notified: 'Notified',
  seen: 'Seen',
  failed: 'Not sent',
} as const satisfies Record<MessageState, string>

/** How far an own message has come, as a sign. */
export function StateIcon({ state }: { readonly state: MessageState }) {
  return <Icon sign={signs[state]} label={stateWords[state]} small />
}
