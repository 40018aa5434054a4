import type { PushSubscription } from '@belfry/contracts'
import {
  Laptop,
  Monitor,
  Pencil,
  Smartphone,
  Tablet,
  TriangleAlert,
  type LucideIcon,
} from 'lucide-react'
import { useRef, useState, type FormEvent } from 'react'
import { deviceKind, deviceWords, type DeviceKind } from '../../model/notifications/device-words.ts'
import type { WhenOptions } from '../../model/notifications/when-words.ts'
import { Button } from '../button.tsx'
import { Icon } from '../icon.tsx'

export interface DeviceRowProps {
  readonly device: PushSubscription
  /** The device that shows this. */
  readonly isThis: boolean
  readonly when: WhenOptions
  /** What the last *Test* of this row came to, in words; null before. */
  readonly testResult: string | null
  readonly isTesting: boolean
  readonly onTest: () => void
  readonly onRename: (name: string) => void
  readonly onRemove: () => void
}

const signs: Readonly<Record<DeviceKind, LucideIcon>> = {
  computer: Laptop,
  screen: Monitor,
  phone: Smartphone,
  tablet: Tablet,
}

export function DeviceRow(props: DeviceRowProps) {
  const { device, isThis } = props
  const [isRenaming, setIsRenaming] = useState(false)
  const words = deviceWords(device, props.when)
  const kind = deviceKind(device, isThis)
  return (
    <li className="device">
      <Icon sign={signs[kind]} className={kind === 'tablet' ? 'lies' : ''} />
      <div>
        {isRenaming ? (
          <NameField
            name={device.deviceName}
            onDone={(name) => {
              setIsRenaming(false)
              if (name !== null) props.onRename(name)
            }}
          />
        ) : (
          <p className="device-name">
            <button
              type="button"
              className="rename"
              onClick={() => setIsRenaming(true)}
              aria-label={`Rename ${device.deviceName}`}
              title="Rename"
            >
              <bdi className="cut">{device.deviceName}</bdi>
              <Icon sign={Pencil} small />
            </button>
            {isThis ? (
              <span className="this">this {device.kind === 'expo' ? 'phone' : 'browser'}</span>
            ) : null}
          </p>
        )}
        <p className="setting-hint">{words.delivered}</p>
        {words.problem === null ? null : (
          <p className="device-problem">
            <Icon sign={TriangleAlert} small />
            {words.problem}
          </p>
        )}
        <p className="setting-hint device-test" role="status">
          {props.testResult}
        </p>
      </div>
      <DeviceActs {...props} />
    </li>
  )
}

function DeviceActs({ device, isTesting, onTest, onRemove }: DeviceRowProps) {
  const [isSure, setIsSure] = useState(false)
  if (isSure) {
    return (
      <div className="acts" role="group" aria-label={`Remove ${device.deviceName}?`}>
        <Button look="quiet" small onClick={() => setIsSure(false)}>
          Keep
        </Button>
        <Button look="decline" small autoFocus onClick={onRemove}>
          Remove
        </Button>
      </div>
    )
  }
  return (
    <div className="acts">
      <Button
        look="quiet"
        small
        aria-disabled={isTesting}
        aria-label={`Test ${device.deviceName}`}
        onClick={() => isTesting || onTest()}
      >
        {isTesting ? 'Testing…' : 'Test'}
      </Button>
      <Button
        look="quiet"
        small
        aria-label={`Remove ${device.deviceName}`}
        onClick={() => setIsSure(true)}
      >
        Remove
      </Button>
    </div>
  )
}

interface NameFieldProps {
  readonly name: string
  /** The new name, or null when it stays as it was. */
  readonly onDone: (name: string | null) => void
}

const longestName = 80

function NameField({ name, onDone }: NameFieldProps) {
  const field = useRef<HTMLInputElement>(null)
  function done(): void {
    const typed = field.current?.value.trim() ?? ''
    onDone(typed === '' || typed === name ? null : typed)
  }
  function submit(event: FormEvent): void {
    event.preventDefault()
    done()
  }
  return (
    <form className="device-rename" onSubmit={submit}>
      <div className="field">
        <input
          ref={field}
          // The person has just chosen to rename it.
          autoFocus
          dir="auto"
          defaultValue={name}
          maxLength={longestName}
          aria-label="Name of the device"
          onBlur={done}
          onFocus={(event) => event.target.select()}
          onKeyDown={(event) => event.key === 'Escape' && onDone(null)}
        />
      </div>
    </form>
  )
}
