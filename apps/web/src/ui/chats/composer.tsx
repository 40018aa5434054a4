import { ArrowUp } from 'lucide-react'
import { useLayoutEffect, useRef, type FormEvent, type KeyboardEvent } from 'react'
import { Icon } from '../icon.tsx'

/** The server takes no longer message. */
const longest = 8000

export interface ComposerProps {
  /** `Message Ana` */
  readonly label: string
  readonly text: string
  readonly onChange: (text: string) => void
  readonly onSend: (text: string) => void
}

/** Grows to six lines. Enter sends, Shift+Enter breaks the line. */
export function Composer({ label, text, onChange, onSend }: ComposerProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  useGrowth(area, text)
  const isTooLong = text.length > longest
  const canSend = text.trim() !== '' && !isTooLong

  function send(): void {
    if (!canSend) return
    onSend(text.trim())
    area.current?.focus()
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    send()
  }

  function onKeyDown(event: KeyboardEvent): void {
    // While an input method composes, Enter chooses a candidate. 229 is Safari's way to say so.
    const isComposing = event.nativeEvent.isComposing || event.keyCode === 229
    if (event.key !== 'Enter' || event.shiftKey || isComposing) return
    event.preventDefault()
    send()
  }

  return (
    <form className="composer" onSubmit={onSubmit}>
      <div className="column">
        <div className="composer-box">
          <textarea
            ref={area}
            rows={1}
            autoFocus={hasKeyboard()}
            dir="auto"
            aria-label={label}
            placeholder={label}
            enterKeyHint="send"
            value={text}
            aria-invalid={isTooLong ? true : undefined}
            onChange={(event) => onChange(event.target.value)}
            onKeyDown={onKeyDown}
          />
          <button type="submit" className="send" aria-label="Send" disabled={!canSend}>
            <Icon sign={ArrowUp} />
          </button>
        </div>
        {isTooLong ? (
          <p className="wrong small" role="alert">
            {`${text.length} of ${longest} characters. Send it in parts.`}
          </p>
        ) : null}
      </div>
    </form>
  )
}

/** For browsers without `field-sizing` (Firefox): the height follows the text, the style's maximum holds. */
function useGrowth(area: { readonly current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    const { current } = area
    if (current === null || CSS.supports('field-sizing', 'content')) return
    current.style.blockSize = 'auto'
    if (text !== '') current.style.blockSize = `${current.scrollHeight}px`
  }, [area, text])
}

/** Where there is a pointer there is a keyboard; on a phone the focus would push one up. */
function hasKeyboard(): boolean {
  return window.matchMedia('(pointer: fine) and (width >= 720px)').matches
}
