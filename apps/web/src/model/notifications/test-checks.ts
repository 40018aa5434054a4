import type { TestStepName } from './notification-test.ts'

export type TestAnswer =
  | { readonly ok: true; readonly note: string }
  | { readonly ok: false; readonly note: string; readonly cure: string }

/** One thing that has to be so before a test can be sent. */
export interface TestCheck {
  readonly step: Exclude<TestStepName, 'saved' | 'accepted' | 'shown'>
  /** Never rejects. */
  readonly look: () => Promise<TestAnswer>
}

type Permission = 'default' | 'granted' | 'denied'

/** What a test looks at in a browser. A rejection counts as *no*. */
export interface BrowserFacts {
  readonly permission: () => Permission
  /** Whether the background script runs. */
  readonly hasWorker: () => Promise<boolean>
  /** Whether the browser holds a subscription that fits the server's key. */
  readonly hasSubscription: () => Promise<boolean>
}

export function browserChecks(facts: BrowserFacts): readonly TestCheck[] {
  return [
    permissionCheck(facts.permission, 'Allow notifications for this site: the steps are above.'),
    {
      step: 'worker',
      look: async () =>
        (await facts.hasWorker().catch(() => false))
          ? { ok: true, note: 'Running' }
          : { ok: false, note: 'Not running', cure: 'Reload this page, then test again.' },
    },
    {
      step: 'subscription',
      look: async () =>
        (await facts.hasSubscription().catch(() => false))
          ? { ok: true, note: 'Valid, key matches' }
          : { ok: false, note: 'None that fits', cure: 'Choose Repair above.' },
    },
  ]
}

/** What a test looks at in the app on a phone. */
export interface PhoneFacts {
  readonly permission: () => Permission
  readonly hasToken: () => boolean
}

export function phoneChecks(facts: PhoneFacts): readonly TestCheck[] {
  return [
    permissionCheck(facts.permission, 'Allow notifications of this app in the phone’s settings.'),
    {
      step: 'token',
      look: async () =>
        facts.hasToken()
          ? { ok: true, note: 'Given' }
          : {
              ok: false,
              note: 'None',
              cure: 'Check the phone’s connection, leave the app and come back.',
            },
    },
  ]
}

function permissionCheck(permission: () => Permission, cureOfBlocked: string): TestCheck {
  return {
    step: 'permission',
    async look() {
      const now = permission()
      if (now === 'granted') return { ok: true, note: 'Allowed' }
      return now === 'denied'
        ? { ok: false, note: 'Blocked', cure: cureOfBlocked }
        : { ok: false, note: 'Not given', cure: 'Turn notifications on first.' }
    },
  }
}
