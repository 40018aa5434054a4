import type { NotificationPreferences } from '@belfry/contracts'

export interface PreviewSettingProps {
  readonly preview: NotificationPreferences['preview']
  /** In the app on a phone. */
  readonly inApp: boolean
  /** One of the person's devices is a phone's app: messages do not travel encrypted to that. */
  readonly hasApp: boolean
  /** The saved value could not be changed. */
  readonly problem: string | null
  readonly onChange: (preview: 'full' | 'sender' | 'none') => void
}

const choices = [
  {
    value: 'full',
    label: 'Message',
    hint: 'Sender and message. Both travel encrypted to your device.',
  },
  { value: 'sender', label: 'Sender', hint: 'Who wrote, not what.' },
  { value: 'none', label: 'Nothing', hint: 'It reads: New message.' },
] as const

const readableHint =
  'Sender and message. On the way to a phone, Expo and Google or Apple could read them.'

/** How much of a message a notification shows. `auto` is *Message* in a browser, *Sender* on a phone. */
export function PreviewSetting(props: PreviewSettingProps) {
  const { preview, inApp, problem, onChange } = props
  const chosen = preview === 'auto' ? (inApp ? 'sender' : 'full') : preview
  const plainHint = choices.find((choice) => choice.value === chosen)?.hint ?? ''
  // What is chosen holds for every device; what nobody chose is less on a phone.
  const isReadable = preview === 'full' && (inApp || props.hasApp)
  const hint = isReadable ? readableHint : plainHint
  return (
    <div className="settings">
      <div className="setting is-wide">
        <div>
          <p className="setting-name" id="preview-name">
            A notification shows
          </p>
          <p className="setting-hint" role={problem === null ? undefined : 'alert'}>
            {problem ?? hint}
          </p>
        </div>
        <fieldset className="segments" aria-labelledby="preview-name">
          {choices.map(({ value, label }) => (
            <label key={value}>
              <input
                type="radio"
                name="preview"
                checked={chosen === value}
                onChange={() => onChange(value)}
              />
              {label}
            </label>
          ))}
        </fieldset>
      </div>
    </div>
  )
}
