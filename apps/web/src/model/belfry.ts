import { createBelfry, type BelfryBrowser } from '@belfry/browser'

/** The one instance of the SDK: this browser as a device that rings, on our own server. */
export function openBelfry(getToken: () => string | null): BelfryBrowser {
  return createBelfry({ getToken })
}
