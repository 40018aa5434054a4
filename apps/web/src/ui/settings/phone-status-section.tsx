import type { PushSubscription } from '@belfry/contracts'
import { useState, useSyncExternalStore } from 'react'
import { isRunning } from '../../model/notifications/notification-test.ts'
import {
  notificationStatus,
  type NotificationStatus,
} from '../../model/notifications/notification-status.ts'
import type { WhenOptions } from '../../model/notifications/when-words.ts'
import { phoneStatusWords, type PhoneAction } from '../../model/shell/phone-words.ts'
import type { Phone } from '../../model/shell/phone.ts'
import { StatusLine } from './status-line.tsx'
import { TestPanel } from './test-panel.tsx'
import { useNow } from './use-now.ts'
import type { NotificationControls } from './use-notification-settings.ts'

export interface PhoneStatusSectionProps {
  readonly phone: Phone
  readonly controls: NotificationControls
  /** This phone's row; null when the server has none, undefined while it is not known. */
  readonly device: PushSubscription | null | undefined
  readonly when: WhenOptions
}

/** Does it work on this phone? What the status section is to a browser. */
export function PhoneStatusSection({ phone, controls, device, when }: PhoneStatusSectionProps) {
  const { settings, snapshot } = controls
  const [kind, setKind] = useState<'message' | 'call'>('message')
  const [isDelayed, setDelayed] = useState(false)
  const nowMs = useNow(snapshot.test !== null && isRunning(snapshot.test) ? 100 : null)
  const state = useSyncExternalStore(phone.subscribe, phone.snapshot)
  const status = notificationStatus({
    capability: snapshot.capability?.state ?? null,
    isAsking: false,
    device,
    unshown: snapshot.unshown,
  })
  const isTestable =
    status.kind === 'on' || status.kind === 'unproven' || status.kind === 'silenced'

  const acts: Readonly<Record<PhoneAction, () => void>> = {
    enable: () => void settings.enable(),
    repair: () => void settings.enable(),
    test: () => void settings.test(kind, isDelayed ? leaveAppMs : 0),
    'open-settings': () => phone.openSettings(),
  }
  return (
    <section id="status" aria-label="Status">
      <StatusLine
        words={phoneStatusWords(status, state, when)}
        running={snapshot.isWorking ? (running[status.kind] ?? 'Testing…') : null}
        onAction={(action) => acts[action]()}
      />
      {isTestable || snapshot.test !== null ? (
        <TestPanel
          kind={kind}
          isDelayed={isDelayed}
          delayedFor="leave the app"
          test={snapshot.test}
          nowMs={nowMs}
          onKind={setKind}
          onDelayed={setDelayed}
        />
      ) : null}
    </section>
  )
}

const leaveAppMs = 5000

/** What the button says while its work is under way, where that is no test. */
const running: Partial<Record<NotificationStatus['kind'], string>> = {
  off: 'Turning on…',
  broken: 'Trying…',
}
