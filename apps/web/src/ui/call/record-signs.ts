import {
  BellOff,
  BellRing,
  PhoneCall,
  PhoneIncoming,
  PhoneMissed,
  PhoneOff,
  PhoneOutgoing,
  type LucideIcon,
} from 'lucide-react'
import type { RecordSign } from '../../model/ring-record.ts'

/** How each step of a call's record is drawn. */
export const recordSigns: Readonly<Record<RecordSign, LucideIcon>> = {
  incoming: PhoneIncoming,
  outgoing: PhoneOutgoing,
  rang: BellRing,
  silent: BellOff,
  answered: PhoneCall,
  missed: PhoneMissed,
  ended: PhoneOff,
}
