import { CircleAlert, Eye, EyeOff } from 'lucide-react'
import { useId, useState, type InputHTMLAttributes } from 'react'
import { IconButton } from './button.tsx'
import { Icon } from './icon.tsx'

export interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string
  /** What is wrong with it, in words; it stands below the field and is read with it. */
  readonly wrong?: string | undefined
  /** What it is for, below the field. */
  readonly hint?: string
}

/** A labelled input, with its error beside it. A password can be shown. */
export function Field({ label, wrong, hint, type = 'text', ...rest }: FieldProps) {
  const id = useId()
  const [isShown, setShown] = useState(false)
  const isPassword = type === 'password'
  const described = [
    wrong === undefined ? '' : `${id}-wrong`,
    hint === undefined ? '' : `${id}-hint`,
  ]
    .join(' ')
    .trim()
  return (
    <div>
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <div className={wrong === undefined ? 'field' : 'field is-wrong'}>
        <input
          {...rest}
          id={id}
          type={isPassword && isShown ? 'text' : type}
          aria-invalid={wrong === undefined ? undefined : true}
          aria-describedby={described === '' ? undefined : described}
        />
        {isPassword ? (
          <IconButton
            sign={isShown ? EyeOff : Eye}
            label={isShown ? 'Hide password' : 'Show password'}
            onClick={() => setShown(!isShown)}
          />
        ) : null}
      </div>
      {hint === undefined || wrong !== undefined ? null : (
        <p className="hint small faint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {wrong === undefined ? null : <Wrong id={`${id}-wrong`}>{wrong}</Wrong>}
    </div>
  )
}

/** A sentence about what is wrong. */
export function Wrong({ id, children }: { readonly id?: string; readonly children: string }) {
  return (
    <p className="wrong small" id={id} role="alert">
      <Icon sign={CircleAlert} small />
      {children}
    </p>
  )
}
