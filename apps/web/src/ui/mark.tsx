export interface MarkProps {
  /** Drawn in thin ink: nothing rings here yet. */
  readonly still?: boolean
  /** Edge in pixels. */
  readonly size?: number
  /** Its accessible name; decoration without. */
  readonly label?: string
}

/** The mark: a bell in its arch. */
export function Mark({ still = false, size, label }: MarkProps) {
  const style = size === undefined ? undefined : { inlineSize: size, blockSize: size }
  const said = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label }
  return (
    <svg className={still ? 'mark is-still' : 'mark'} style={style} viewBox="0 0 32 32" {...said}>
      <path className="arch" d="M6 28.5V14a10 10 0 0 1 20 0v14.5M3.5 28.5h25" />
      <path
        className="bell"
        d="M16 9a1.25 1.25 0 0 0-1.25 1.25v.65C12.6 11.5 11.4 13.5 11.4 16c0 3-.9 4.6-1.7 5.5-.5.6-.1 1.5.7 1.5h11.2c.8 0 1.2-.9.7-1.5-.8-.9-1.7-2.5-1.7-5.5 0-2.5-1.2-4.5-3.35-5.1v-.65A1.25 1.25 0 0 0 16 9Z"
      />
      <circle className="bell" cx="16" cy="25" r="1.3" />
    </svg>
  )
}
