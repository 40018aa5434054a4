import type { BrowserDescription } from './detect-browser.ts'

/**
 * What this browser can do about notifications, and what was decided. Exactly one holds:
 *
 *   unsupported     it cannot receive notifications at all
 *   insecure        the page is not on https or localhost
 *   private_window  it can, but not in a private window
 *   needs_install   iPhone and iPad: only once the app is on the Home Screen
 *   not_asked       nobody asked the person yet
 *   blocked         the person, or their system, said no for this site
 *   off             allowed, but not turned on here (or turned off again)
 *   on              allowed, subscribed, and saved on the server
 *   broken          turned on here, but the browser lost its subscription; `enable` repairs it without a prompt
 */
export type CapabilityState =
  | 'unsupported'
  | 'insecure'
  | 'private_window'
  | 'needs_install'
  | 'not_asked'
  | 'blocked'
  | 'off'
  | 'on'
  | 'broken'

export interface Capability {
  readonly state: CapabilityState
  readonly browser: BrowserDescription
  /** One plain sentence more, where there is something to say: what is missing, or why it broke. */
  readonly detail?: string
}
