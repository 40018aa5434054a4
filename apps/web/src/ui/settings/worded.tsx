import { Lock, Share, SlidersHorizontal, SquarePlus, type LucideIcon } from 'lucide-react'
import { Icon } from '../icon.tsx'

export interface WordedProps {
  /** `**strong**` is what the person reads on the screen, `{icon}` a sign they see there. */
  readonly text: string
}

const signs: Readonly<Record<string, LucideIcon>> = {
  'sliders-horizontal': SlidersHorizontal,
  lock: Lock,
  share: Share,
  'square-plus': SquarePlus,
}

/** An instruction with the words and signs of the person's own screen marked. */
export function Worded({ text }: WordedProps) {
  return text
    .split(/(\*\*[^*]+\*\*|\{[a-z-]+\})/u)
    .filter((part) => part !== '')
    .map((part, at) => <Part key={at} part={part} />)
}

function Part({ part }: { readonly part: string }) {
  if (part.startsWith('**')) return <b className="seen">{part.slice(2, -2)}</b>
  const sign = part.startsWith('{') ? signs[part.slice(1, -1)] : undefined
  return sign === undefined ? part : <Icon sign={sign} small />
}
