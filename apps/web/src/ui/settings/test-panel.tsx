import {
  isRunning,
  stepOf,
  type NotificationTest,
} from '../../model/notifications/notification-test.ts'
import { TestSteps } from './test-steps.tsx'

export interface TestPanelProps {
  readonly kind: 'message' | 'call'
  readonly isDelayed: boolean
  /** What the five seconds before a delayed test are for. */
  readonly delayedFor: string
  readonly test: NotificationTest | null
  readonly nowMs: number
  readonly onKind: (kind: 'message' | 'call') => void
  readonly onDelayed: (isDelayed: boolean) => void
}

/** What to test with, and the steps of the test that runs or ran last. */
export function TestPanel(props: TestPanelProps) {
  const { kind, isDelayed, delayedFor, test, nowMs, onKind, onDelayed } = props
  return (
    <div className="trial">
      <div className="choices">
        <fieldset className="segments" aria-label="Test with">
          <KindChoice
            label="A message"
            isChosen={kind === 'message'}
            onChoose={() => onKind('message')}
          />
          <KindChoice label="A call" isChosen={kind === 'call'} onChoose={() => onKind('call')} />
        </fieldset>
        <label className="check">
          <input
            type="checkbox"
            checked={isDelayed}
            onChange={(event) => onDelayed(event.target.checked)}
          />
          In 5 seconds, so that you can {delayedFor}
        </label>
      </div>
      {test === null ? null : <TestSteps test={test} nowMs={nowMs} />}
      <p className="unseen" role="status">
        {test === null ? '' : resultWords(test)}
      </p>
    </div>
  )
}

interface KindChoiceProps {
  readonly label: string
  readonly isChosen: boolean
  readonly onChoose: () => void
}

function KindChoice({ label, isChosen, onChoose }: KindChoiceProps) {
  return (
    <label>
      <input type="radio" name="test-kind" checked={isChosen} onChange={onChoose} />
      {label}
    </label>
  )
}

/** For those who do not see the steps: the result, once. */
function resultWords(test: NotificationTest): string {
  if (isRunning(test)) return ''
  const shown = stepOf(test, 'shown')
  if (shown.state === 'done') return 'The test notification was shown on this device.'
  const stopped = test.steps.find((step) => step.state === 'failed' || step.state === 'untold')
  return stopped?.detail ?? ''
}
