import type { BrowserDescription } from '@belfry/browser'
import type { PushSubscription } from '@belfry/contracts'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { isRunning } from '../../model/notifications/notification-test.ts'
import {
  notificationStatus,
  type NotificationStatus,
} from '../../model/notifications/notification-status.ts'
import { statusWords, type StatusAction } from '../../model/notifications/status-words.ts'
import { installSteps, unblockGuides } from '../../model/notifications/unblock-steps.ts'
import type { WhenOptions } from '../../model/notifications/when-words.ts'
import { Wrong } from '../field.tsx'
import { Icon } from '../icon.tsx'
import { AddressToCopy } from './address-to-copy.tsx'
import { GuideSteps, GuideTabs } from './guide-steps.tsx'
import { StatusLine } from './status-line.tsx'
import { TestPanel } from './test-panel.tsx'
import { useNow } from './use-now.ts'
import type { NotificationControls } from './use-notification-settings.ts'

export interface StatusSectionProps {
  readonly controls: NotificationControls
  readonly browser: BrowserDescription
  /** This browser's row; null when the server has none, undefined while it is not known. */
  readonly device: PushSubscription | null | undefined
  readonly when: WhenOptions
}

/** Does it work here? One line, its one action, and the steps of a test. */
export function StatusSection({ controls, browser, device, when }: StatusSectionProps) {
  const { settings, snapshot } = controls
  const [kind, setKind] = useState<'message' | 'call'>('message')
  const [isDelayed, setDelayed] = useState(false)
  const [isCopying, setCopying] = useState(false)
  const nowMs = useNow(snapshot.test !== null && isRunning(snapshot.test) ? 100 : null)
  const status = notificationStatus({
    capability: snapshot.capability?.state ?? null,
    isAsking: snapshot.isAsking,
    device,
    unshown: snapshot.unshown,
  })
  const isTestable =
    status.kind === 'on' || status.kind === 'unproven' || status.kind === 'silenced'

  const acts: Readonly<Record<StatusAction, () => void>> = {
    enable: () => void settings.enable(),
    repair: () => void settings.enable(),
    check: () => void settings.check(),
    test: () => void settings.test(kind, isDelayed ? switchTabsMs : 0),
    'copy-address': () => setCopying(true),
  }
  return (
    <section id="status" aria-label="Status">
      <StatusLine
        words={statusWords(status, browser, when)}
        running={snapshot.isWorking ? runningWords(status) : null}
        onAction={(action) => acts[action]()}
      >
        <StatusHelp status={status} browser={browser} failure={snapshot.failure} />
      </StatusLine>
      {isCopying ? <AddressToCopy address={window.location.origin} /> : null}
      {isTestable || snapshot.test !== null ? (
        <TestPanel
          kind={kind}
          isDelayed={isDelayed}
          delayedFor="switch tabs"
          test={snapshot.test}
          nowMs={nowMs}
          onKind={setKind}
          onDelayed={setDelayed}
        />
      ) : null}
      {hasNoBell(status) ? null : (
        <div className="settings">
          <a className="setting" href="#where">
            <div>
              <p className="setting-name">This browser rings while it is running.</p>
              <p className="setting-hint">What rings where, and when everything is closed</p>
            </div>
            <Icon sign={ChevronRight} small className="turns faint" />
          </a>
        </div>
      )}
    </section>
  )
}

const switchTabsMs = 5000

function hasNoBell(status: NotificationStatus): boolean {
  return status.kind === 'impossible' || status.kind === 'needs-install'
}

/** What the button says while its work is under way. */
function runningWords(status: NotificationStatus): string {
  switch (status.kind) {
    case 'off':
      return 'Turning on…'
    case 'broken':
      return 'Repairing…'
    case 'blocked':
      return 'Checking…'
    default:
      return 'Testing…'
  }
}

interface StatusHelpProps {
  readonly status: NotificationStatus
  readonly browser: BrowserDescription
  readonly failure: string | null
}

function StatusHelp({ status, browser, failure }: StatusHelpProps) {
  if (status.kind === 'blocked') return <GuideTabs guides={unblockGuides(browser)} />
  if (status.kind === 'needs-install') return <GuideSteps steps={installSteps} />
  return failure === null ? null : <Wrong>{failure}</Wrong>
}
