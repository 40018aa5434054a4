import { added, changed, ofDevice, without, type Planted } from './plant.ts'
import { asked, pushed, ringExpMs, t0 } from './sample-log.ts'

/** I1 to I4: what devices are sent. */
export const plantedDeliveries: readonly Planted[] = [
  {
    invariant: 'I1',
    what: 'a device that never had a message that was accepted',
    plant: without((entry) => ofDevice(entry, 'phone', 'chat_message')),
  },
  {
    invariant: 'I1',
    what: 'a ring that never came',
    plant: without((entry) => ofDevice(entry, 'laptop', 'incoming_call')),
  },
  {
    invariant: 'I1',
    what: 'a person without a device and without a reason',
    plant: without((entry) => entry.kind === 'delivery' && entry.owner === 'carl'),
  },
  {
    invariant: 'I2',
    what: 'a copy under another delivery id',
    plant: added((log) =>
      log.add(pushed('laptop', { type: 'chat_message', subject: 'm1', id: 'other' })),
    ),
  },
  {
    invariant: 'I2',
    what: 'a copy under another tag',
    plant: changed((entry) =>
      ofDevice(entry, 'laptop', 'chat_message') &&
      entry.kind === 'push' &&
      entry.message !== null &&
      entry.monoMs > 5000
        ? { ...entry, message: { ...entry.message, tag: 'other' } }
        : entry,
    ),
  },
  {
    invariant: 'I2',
    what: 'a copy without a cause',
    plant: added(
      (log) => log.wait(5000),
      (log) => log.add(pushed('laptop', { type: 'missed_call', subject: 's1' })),
      (log) => log.wait(5000),
      (log) => log.add(pushed('laptop', { type: 'missed_call', subject: 's1' })),
    ),
  },
  {
    invariant: 'I3',
    what: 'a ring after it expired',
    plant: changed((entry) =>
      ofDevice(entry, 'phone', 'incoming_call') ? { ...entry, wallMs: ringExpMs + 1500 } : entry,
    ),
  },
  {
    invariant: 'I3',
    what: 'a ring after it was answered',
    plant: added((log) =>
      log.add({
        ...pushed('laptop', { type: 'incoming_call', subject: 's2', expMs: ringExpMs + 60_000 }),
      }),
    ),
  },
  {
    invariant: 'I3',
    what: 'a ring whose end came before it',
    plant: added(
      (log) =>
        asked(log, { action: 'end', by: 'x', subject: 's9', process: null }, { ok: { status: 0 } }),
      (log) =>
        asked(
          log,
          { action: 'call', by: 'x', subject: 's9', to: ['bob'], process: null },
          { ok: { status: 0, id: 's9' } },
        ),
      (log) => log.add(pushed('laptop', { type: 'incoming_call', subject: 's9' })),
    ),
  },
  {
    invariant: 'I3',
    what: 'a ring after the missed call, on one device',
    plant: added((log) =>
      log.add(pushed('laptop', { type: 'incoming_call', subject: 's1', expMs: t0 + 90_000 })),
    ),
  },
  {
    invariant: 'I3',
    what: 'a missed call that was answered',
    plant: added((log) => log.add(pushed('phone', { type: 'missed_call', subject: 's2' }))),
  },
  {
    invariant: 'I3',
    what: 'a missed call that a device which rang is not told',
    plant: without((entry) => ofDevice(entry, 'phone', 'missed_call')),
  },
  {
    invariant: 'I4',
    what: 'a push to somebody else',
    plant: added(
      (log) =>
        asked(
          log,
          { action: 'subscribe', by: 'eve', subject: 'hers' },
          { ok: { status: 201, id: 'row-hers' } },
        ),
      (log) => log.add(pushed('hers', { type: 'chat_message', subject: 'm1' })),
    ),
  },
  {
    invariant: 'I4',
    what: 'a push to a device that signed out',
    plant: added((log) => log.add(pushed('old', { type: 'chat_message', subject: 'm1' }))),
  },
  {
    invariant: 'I4',
    what: 'a push that its device cannot read',
    plant: added((log) =>
      log.add({ kind: 'push', device: 'phone', status: 201, topic: null, message: null }),
    ),
  },
  {
    invariant: 'I4',
    what: 'a push about nothing that anybody did',
    plant: added((log) => log.add(pushed('phone', { type: 'chat_message', subject: 'm77' }))),
  },
]
