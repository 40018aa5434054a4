import type { BelfryBrowser } from '@belfry/browser'
import { useApp } from '../../app/app-context.ts'

/** This browser as a device that rings. */
export function useBelfry(): BelfryBrowser {
  return useApp().belfry
}
