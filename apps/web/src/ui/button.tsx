import type { LucideIcon } from 'lucide-react'
import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { Icon } from './icon.tsx'

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary` is ink, `bell` brass (enable, repair), `answer` green, `decline` red, `quiet` has no edge. */
  readonly look?: 'plain' | 'primary' | 'bell' | 'answer' | 'decline' | 'quiet'
  readonly sign?: LucideIcon
  readonly small?: boolean
  readonly children: ReactNode
}

export function Button({
  look = 'plain',
  sign,
  small = false,
  className = '',
  type = 'button',
  children,
  ...rest
}: ButtonProps) {
  const classes = ['button', look === 'plain' ? '' : look, small ? 'is-small' : '', className]
  return (
    <button {...rest} type={type} className={classes.filter(Boolean).join(' ')}>
      {sign === undefined ? null : <Icon sign={sign} small={small} />}
      {children}
    </button>
  )
}

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly sign: LucideIcon
  /** Its accessible name, and its tooltip. */
  readonly label: string
  readonly turns?: boolean
}

export function IconButton({
  sign,
  label,
  turns = false,
  className = '',
  type = 'button',
  ...rest
}: IconButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={`icon-button ${className}`.trimEnd()}
      aria-label={label}
      title={label}
    >
      <Icon sign={sign} className={turns ? 'turns' : ''} />
    </button>
  )
}
