import type { LucideIcon } from 'lucide-react'

export interface IconProps {
  readonly sign: LucideIcon
  /** What it says by itself. Without it the icon is decoration beside a label. */
  readonly label?: string
  readonly small?: boolean
  /** More of `.icon`: `turns` (it has a direction), `lies`, `hangs-up`, `rings`. */
  readonly className?: string
}

/** One sign of the one set: 20 px with a stroke of 1.75, or 16 px beside small text. */
export function Icon({ sign: Sign, label, small = false, className = '' }: IconProps) {
  const size = small ? 16 : 20
  const classes = `icon${small ? ' is-small' : ''} ${className}`.trimEnd()
  return label === undefined ? (
    <Sign className={classes} size={size} strokeWidth={small ? 2 : 1.75} aria-hidden="true" />
  ) : (
    <Sign
      className={classes}
      size={size}
      strokeWidth={small ? 2 : 1.75}
      role="img"
      aria-label={label}
    />
  )
}
