import { Bell, Circle, CircleCheck, CircleHelp, CircleX, type LucideIcon } from 'lucide-react'
import {
  secondsWords,
  type NotificationTest,
  type TestStep,
  type TestStepName,
} from '../../model/notifications/notification-test.ts'
import { Icon } from '../icon.tsx'

export interface TestStepsProps {
  readonly test: NotificationTest
  readonly nowMs: number
}

const names: Readonly<Record<TestStepName, string>> = {
  permission: 'Permission',
  worker: 'Service worker',
  subscription: 'Subscription',
  token: 'Token from Expo',
  saved: 'Saved on the server',
  accepted: 'Accepted by the push service',
  shown: 'Shown on this device',
}

const looks: Readonly<
  Record<
    TestStep['state'],
    { readonly sign: LucideIcon; readonly className: string; readonly said: string }
  >
> = {
  ahead: { sign: Circle, className: 'ahead', said: 'not yet' },
  now: { sign: Bell, className: 'now', said: 'now' },
  done: { sign: CircleCheck, className: 'done', said: 'done' },
  failed: { sign: CircleX, className: 'failed', said: 'failed' },
  untold: { sign: CircleHelp, className: '', said: 'not known' },
}

/** The steps of a test as they happen. What waits counts its time. */
export function TestSteps({ test, nowMs }: TestStepsProps) {
  return (
    <ol className="steps" aria-label="Test">
      {test.steps.map((step) => (
        <Step key={step.name} step={step} nowMs={nowMs} />
      ))}
    </ol>
  )
}

function Step({ step, nowMs }: { readonly step: TestStep; readonly nowMs: number }) {
  const look = looks[step.state]
  const note = step.state === 'now' ? countWords(step.sinceMs, nowMs) : step.note
  return (
    <li className={`step ${look.className}`.trimEnd()}>
      <Icon sign={look.sign} label={look.said} />
      <span className="step-name">{names[step.name]}</span>
      {note === '' ? null : <span className="figures">{note}</span>}
      {step.detail === '' ? null : <span className="step-detail">{step.detail}</span>}
    </li>
  )
}

/** "0.8 s" since it began; "in 3 s" before. */
function countWords(sinceMs: number, nowMs: number): string {
  if (sinceMs > nowMs) return `in ${Math.ceil((sinceMs - nowMs) / 1000)} s`
  return secondsWords(nowMs - sinceMs)
}
