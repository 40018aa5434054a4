import { X } from 'lucide-react'
import { Link } from 'react-router'
import type { Toast } from '../model/toasts.ts'
import { Avatar } from './avatar.tsx'
import { IconButton } from './button.tsx'

export interface ToastListProps {
  readonly toasts: readonly Toast[]
  readonly onDismiss: (key: string) => void
  readonly onHold: () => void
  readonly onResume: () => void
}

/** What arrived elsewhere. It is read out politely, and never takes the focus. */
export function ToastList({ toasts, onDismiss, onHold, onResume }: ToastListProps) {
  return (
    <div
      className="toasts"
      role="status"
      onPointerEnter={onHold}
      onPointerLeave={onResume}
      onFocus={onHold}
      onBlur={onResume}
    >
      {toasts.map((toast) => (
        <div className="toast" key={toast.key}>
          <ToastBody toast={toast} onFollow={() => onDismiss(toast.key)} />
          <IconButton sign={X} label="Dismiss" onClick={() => onDismiss(toast.key)} />
        </div>
      ))}
    </div>
  )
}

interface ToastBodyProps {
  readonly toast: Toast
  readonly onFollow: () => void
}

function ToastBody({ toast, onFollow }: ToastBodyProps) {
  const { title, text, face, path } = toast
  const words = (
    <>
      {face === null ? null : <Avatar {...face} size={36} />}
      <span>
        <strong className="cut">
          <bdi>{title}</bdi>
        </strong>
        <span className="small" dir="auto">
          {text}
        </span>
      </span>
    </>
  )
  if (path === null) return <div className="toast-body">{words}</div>
  return (
    <Link className="toast-body inset" to={path} onClick={onFollow}>
      {words}
    </Link>
  )
}
