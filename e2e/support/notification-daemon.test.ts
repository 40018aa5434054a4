import { Message, sessionBus, Variant, type MessageBus } from 'dbus-next'
import { expect, onTestFinished, test } from 'vitest'
import { closeAfterTest } from './close-after-test.ts'
import { missingTools } from './missing-tools.ts'
import { startNotificationDaemon } from './notification-daemon.ts'

const missing = await missingTools(['desktop'])

test('an app hears of a click, of the notification going away, and gets its own replacement in place', async ({
  skip,
}) => {
  skip(missing.length > 0, missing.join('; '))
  const desktop = await closeAfterTest(startNotificationDaemon())
  const app = await connectedApp(desktop.address)
  const first = await app.notify('Ana is calling', { replacesId: 0, resident: true })
  const second = await app.notify('Missed call', { replacesId: first, resident: false })

  expect(second).toBe(first)
  expect(desktop.open().map(({ summary }) => summary)).toEqual(['Missed call'])
  expect(desktop.history).toHaveLength(2)
  expect(desktop.history[0]?.hints).toEqual({ resident: true, 'sender-pid': 7 })
  expect(() => desktop.click(second, 'decline')).toThrow('no action "decline", only: default')

  const closed = desktop.waitForClosed(({ id }) => id === second)
  const heard = app.signals(2)
  desktop.click(second)
  expect(await closed).toMatchObject({ reason: 'dismissed' })
  expect(await heard).toEqual([
    ['ActionInvoked', second, 'default'],
    ['NotificationClosed', second, 2],
  ])
  expect(() => desktop.dismiss(second)).toThrow('not on the screen; open: none')
})

interface App {
  readonly notify: (
    summary: string,
    options: { readonly replacesId: number; readonly resident: boolean },
  ) => Promise<number>
  /** The next so many signals of the daemon: name, id, argument. */
  readonly signals: (count: number) => Promise<unknown[][]>
}

async function connectedApp(address: string): Promise<App> {
  const bus = sessionBus({ busAddress: address })
  onTestFinished(() => bus.disconnect())
  const rule = "type='signal',interface='org.freedesktop.Notifications'"
  await bus.call(
    new Message({
      destination: 'org.freedesktop.DBus',
      path: '/org/freedesktop/DBus',
      interface: 'org.freedesktop.DBus',
      member: 'AddMatch',
      signature: 's',
      body: [rule],
    }),
  )
  return {
    notify: async (summary, options) => {
      const hints = {
        resident: new Variant('b', options.resident),
        'sender-pid': new Variant('x', 7n),
      }
      const reply = await bus.call(
        new Message({
          destination: 'org.freedesktop.Notifications',
          path: '/org/freedesktop/Notifications',
          interface: 'org.freedesktop.Notifications',
          member: 'Notify',
          signature: 'susssasa{sv}i',
          body: ['App', options.replacesId, '', summary, '', ['default', 'Open'], hints, -1],
        }),
      )
      return Number(reply?.body[0])
    },
    signals: (count) => nextSignals(bus, count),
  }
}

function nextSignals(bus: MessageBus, count: number): Promise<unknown[][]> {
  const { promise, resolve } = Promise.withResolvers<unknown[][]>()
  const signals: unknown[][] = []
  bus.on('message', (message) => {
    if (message.interface !== 'org.freedesktop.Notifications') return
    signals.push([message.member, ...message.body])
    if (signals.length === count) resolve(signals)
  })
  return promise
}
