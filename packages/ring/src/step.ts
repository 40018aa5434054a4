import type { Call } from './call.ts'
import type { CallInput } from './call-input.ts'
import { onAccept } from './inputs/on-accept.ts'
import { onCancel } from './inputs/on-cancel.ts'
import { onDeclineOrBusy } from './inputs/on-decline-or-busy.ts'
import { onEnd } from './inputs/on-end.ts'
import { onTimeout } from './inputs/on-timeout.ts'
import type { Refusal, Step } from './outcome.ts'

/**
 * Moves a call by one input. Pure: the same call and input give the same answer, and the call that
 * went in is never written to.
 *
 * An input that was once taken may come again at any later time: it is then taken without change
 * or refused, and never has an effect. `call.ts` tells which states there are and what leads
 * where, `outcome.ts` what the refusals mean.
 *
 * Write the result by compare-and-set on `call.revision`; when another process was first, read the
 * call and step again.
 */
export function step(call: Call, input: CallInput): Step | Refusal {
  switch (input.type) {
    case 'accept':
      return onAccept(call, input)
    case 'decline':
    case 'busy':
      return onDeclineOrBusy(call, input)
    case 'cancel':
      return onCancel(call, input)
    case 'end':
      return onEnd(call, input)
    case 'timeout':
      return onTimeout(call, input)
  }
}
