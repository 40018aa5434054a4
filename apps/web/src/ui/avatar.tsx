import { avatarTone, groupInitials, initials } from './avatar-tone.ts'

export interface AvatarProps {
  /** The person's or conversation's id: it gives the colour. */
  readonly id: string
  readonly name: string
  /** Several people: written in another way than one. */
  readonly isGroup?: boolean
  /** In pixels; 40 without it, or what the surrounding style says. */
  readonly size?: number
}

/** Initials on a tone. Decoration: the name stands beside it. */
export function Avatar({ id, name, isGroup = false, size }: AvatarProps) {
  const style =
    size === undefined ? undefined : { inlineSize: size, blockSize: size, fontSize: size * 0.36 }
  return (
    <span className="avatar" data-tone={avatarTone(id)} aria-hidden="true" style={style}>
      {isGroup ? groupInitials(name) : initials(name)}
    </span>
  )
}
