import { useEffect } from 'react'
import type { Parts } from '../native/parts.ts'
import { routeLinks, routeResponses } from '../shell/route-openings.ts'
import type { Shell } from '../shell/shell.ts'

export function useOpenings(parts: Parts, shell: Shell, origin: string | undefined): void {
  const { openings, onResponse } = parts
  useEffect(() => routeResponses(openings, { onResponse, shell }), [openings, onResponse, shell])
  useEffect(
    () => (origin === undefined ? undefined : routeLinks(openings, { origin, shell })),
    [openings, shell, origin],
  )
}
