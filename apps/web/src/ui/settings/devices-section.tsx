import type { PushSubscription } from '@belfry/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApp } from '../../app/app-context.ts'
import { testResultWords } from '../../model/notifications/device-words.ts'
import { isRunning } from '../../model/notifications/notification-test.ts'
import type { WhenOptions } from '../../model/notifications/when-words.ts'
import { keys } from '../../model/query-keys.ts'
import { valueOf } from '../../model/request.ts'
import { Wrong } from '../field.tsx'
import { DeviceRow } from './device-row.tsx'
import { useBelfry } from './use-belfry.ts'
import type { NotificationControls } from './use-notification-settings.ts'

export interface DevicesSectionProps {
  readonly devices: readonly PushSubscription[]
  readonly controls: NotificationControls
  readonly when: WhenOptions
}

/** Every browser and phone that rings for this person; this one first, then the one seen last. */
export function DevicesSection({ devices, controls, when }: DevicesSectionProps) {
  const { settings, snapshot } = controls
  const { thisDevice } = snapshot
  const isTestingHere = snapshot.test !== null && isRunning(snapshot.test)
  const changes = useDeviceChanges(settings)
  const tests = useDeviceTests()
  const rows = devices.toSorted(
    (a, b) =>
      Number(b.id === thisDevice) - Number(a.id === thisDevice) ||
      Date.parse(b.lastSeenAt) - Date.parse(a.lastSeenAt),
  )
  return (
    <section className="section" id="devices">
      <h2 className="heading">Devices</h2>
      {rows.length === 0 ? (
        <p className="soft">No device rings for you yet. Turn notifications on above.</p>
      ) : (
        <ul className="settings">
          {rows.map((device) => {
            const isThis = device.id === thisDevice
            return (
              <DeviceRow
                key={device.id}
                device={device}
                isThis={isThis}
                when={when}
                testResult={tests.results.get(device.id) ?? null}
                isTesting={isThis ? isTestingHere : tests.running.has(device.id)}
                onTest={() => (isThis ? void settings.test('message', 0) : tests.run(device.id))}
                onRename={(name) => changes.rename({ id: device.id, name })}
                onRemove={() => changes.remove({ id: device.id, isThis })}
              />
            )
          })}
        </ul>
      )}
      {changes.hasFailed ? (
        <Wrong>That was not saved. Check your connection and try again.</Wrong>
      ) : null}
    </section>
  )
}

/** Names and removals, written to the server; the list is asked for again after each. */
function useDeviceChanges(settings: NotificationControls['settings']) {
  const { api } = useApp()
  const queries = useQueryClient()
  const onSettled = () => queries.invalidateQueries({ queryKey: keys.subscriptions })
  const rename = useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) =>
      valueOf(api.renameSubscription(id, name)),
    onSettled,
  })
  const remove = useMutation({
    mutationFn: async ({ id, isThis }: { id: string; isThis: boolean }) => {
      if (isThis) await settings.disable()
      else await valueOf(api.removeSubscription(id))
    },
    onSettled,
  })
  return {
    rename: rename.mutate,
    remove: remove.mutate,
    hasFailed: rename.isError || remove.isError,
  }
}

/** Tests of the other devices: they are elsewhere, so what the push service said is all there is to show. */
function useDeviceTests() {
  const belfry = useBelfry()
  const [running, setRunning] = useState<ReadonlySet<string>>(new Set())
  const [results, setResults] = useState<ReadonlyMap<string, string>>(new Map())

  async function run(id: string): Promise<void> {
    setRunning((before) => new Set([...before, id]))
    const outcome = await belfry.test({ kind: 'message', id })
    const words =
      outcome.kind === 'failed'
        ? outcome.sentence
        : testResultWords(outcome.results.find((result) => result.id === id) ?? null)
    setResults((before) => new Map([...before, [id, words]]))
    setRunning((before) => new Set([...before].filter((each) => each !== id)))
  }
  return { running, results, run: (id: string) => void run(id) }
}
