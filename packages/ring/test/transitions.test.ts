import { expect, test } from 'vitest'
import { type Call, type CallInput, step } from '../src/index.ts'
import { anaCalls, expiresAtMs, play, startedAtMs } from './calls.ts'

/**
 * One line a transition: what happened before; what happens now; what comes of it.
 *   `→` the call and its callees afterwards, then what the world hears
 *   `=` taken, nothing changes, nobody hears of it
 *   `✗` refused: the code, the state to answer with, the state of the one who asked
 * Inputs come five seconds into the ring unless they say `in time` (a millisecond before the
 * expiry), `at expiry` or `late` (two hours after it); the timer fires at the expiry.
 */
const oneCallee = `
                         ; bob accept laptop           → accepted bob:accepted@laptop, stop accepted bob but laptop by bob
                         ; bob accept -                → accepted bob:accepted, stop accepted bob by bob
                         ; bob accept laptop in time   → accepted bob:accepted@laptop, stop accepted bob but laptop by bob
                         ; bob accept laptop at expiry ✗ WRONG_STATE missed ringing
                         ; bob decline                 → declined bob:declined, stop declined bob by bob
                         ; bob decline in time         → declined bob:declined, stop declined bob by bob
                         ; bob decline at expiry       ✗ WRONG_STATE missed ringing
                         ; bob busy                    → busy bob:busy, stop busy bob by bob
                         ; bob busy at expiry          ✗ WRONG_STATE missed ringing
                         ; ana cancel                  → cancelled bob:cancelled, stop cancelled bob by ana
                         ; ana cancel in time          → cancelled bob:cancelled, stop cancelled bob by ana
                         ; ana cancel at expiry        ✗ WRONG_STATE missed -
                         ; timer in time               = ringing bob:ringing
                         ; timer                       → missed bob:missed, stop missed bob by timer
                         ; timer late                  → missed bob:missed, stop missed bob by timer
                         ; ana end                     ✗ WRONG_STATE ringing -
                         ; bob end                     ✗ WRONG_STATE ringing ringing
                         ; bob cancel                  ✗ NOT_THE_CALLER ringing ringing
                         ; ana accept laptop           ✗ NOT_A_CALLEE ringing -
                         ; ana decline                 ✗ NOT_A_CALLEE ringing -
                         ; ana busy                    ✗ NOT_A_CALLEE ringing -
                         ; mallory accept laptop       ✗ NOT_A_PARTICIPANT ringing -
                         ; mallory decline             ✗ NOT_A_PARTICIPANT ringing -
                         ; mallory busy                ✗ NOT_A_PARTICIPANT ringing -
                         ; mallory cancel              ✗ NOT_A_PARTICIPANT ringing -
                         ; mallory end                 ✗ NOT_A_PARTICIPANT ringing -

bob accept laptop        ; bob accept laptop           = accepted bob:accepted@laptop
bob accept laptop        ; bob accept laptop late      = accepted bob:accepted@laptop
bob accept -             ; bob accept -                = accepted bob:accepted
bob accept -             ; bob accept laptop           ✗ ANSWERED_ON_ANOTHER_DEVICE accepted accepted
bob accept laptop        ; bob accept phone            ✗ ANSWERED_ON_ANOTHER_DEVICE accepted accepted
bob accept laptop        ; bob accept -                ✗ ANSWERED_ON_ANOTHER_DEVICE accepted accepted
bob accept laptop        ; bob decline                 = accepted bob:accepted@laptop
bob accept laptop        ; bob busy                    = accepted bob:accepted@laptop
bob accept laptop        ; ana cancel                  ✗ WRONG_STATE accepted -
bob accept laptop        ; bob cancel                  ✗ NOT_THE_CALLER accepted accepted
bob accept laptop        ; timer                       = accepted bob:accepted@laptop
bob accept laptop        ; ana end                     → ended bob:accepted@laptop, hang-up by ana
bob accept laptop        ; bob end late                → ended bob:accepted@laptop, hang-up by bob
bob accept laptop        ; mallory end                 ✗ NOT_A_PARTICIPANT accepted -

bob accept laptop, ana end ; bob end                   = ended bob:accepted@laptop
bob accept laptop, ana end ; ana end                   = ended bob:accepted@laptop
bob accept laptop, ana end ; bob accept laptop         ✗ WRONG_STATE ended accepted
bob accept laptop, ana end ; bob decline               = ended bob:accepted@laptop
bob accept laptop, ana end ; ana cancel                ✗ WRONG_STATE ended -
bob accept laptop, ana end ; timer                     = ended bob:accepted@laptop

bob decline              ; bob decline                 = declined bob:declined
bob decline              ; bob decline late            = declined bob:declined
bob decline              ; bob accept laptop           ✗ WRONG_STATE declined declined
bob decline              ; ana cancel                  ✗ WRONG_STATE declined -
bob decline              ; ana end                     ✗ WRONG_STATE declined -
bob decline              ; timer                       = declined bob:declined

bob busy                 ; bob busy                    = busy bob:busy
bob busy                 ; bob accept laptop           ✗ WRONG_STATE busy busy
bob busy                 ; ana cancel                  ✗ WRONG_STATE busy -
bob busy                 ; timer                       = busy bob:busy

ana cancel               ; ana cancel                  = cancelled bob:cancelled
ana cancel               ; bob accept laptop           ✗ WRONG_STATE cancelled cancelled
ana cancel               ; bob decline                 ✗ WRONG_STATE cancelled cancelled
ana cancel               ; ana end                     ✗ WRONG_STATE cancelled -
ana cancel               ; timer                       = cancelled bob:cancelled

timer                    ; timer late                  = missed bob:missed
timer                    ; bob accept laptop           ✗ WRONG_STATE missed missed
timer                    ; bob decline                 ✗ WRONG_STATE missed missed
timer                    ; ana cancel                  ✗ WRONG_STATE missed -`

const twoCallees = `
                         ; bob accept laptop           → accepted bob:accepted@laptop carol:cancelled, stop accepted bob+carol but laptop by bob
                         ; bob decline                 → ringing bob:declined carol:ringing, stop declined bob by bob
                         ; bob busy                    → ringing bob:busy carol:ringing, stop busy bob by bob
                         ; ana cancel                  → cancelled bob:cancelled carol:cancelled, stop cancelled bob+carol by ana
                         ; timer                       → missed bob:missed carol:missed, stop missed bob+carol by timer

bob accept laptop        ; carol accept phone          ✗ WRONG_STATE accepted cancelled
bob accept laptop        ; carol accept laptop         ✗ WRONG_STATE accepted cancelled
bob accept -             ; carol accept -              ✗ WRONG_STATE accepted cancelled
bob accept laptop        ; carol decline               ✗ WRONG_STATE accepted cancelled
bob accept laptop        ; carol end                   ✗ NOT_IN_THE_CALL accepted cancelled
bob accept laptop, ana end ; carol end                 ✗ NOT_IN_THE_CALL ended cancelled

bob decline              ; carol accept laptop         → accepted bob:declined carol:accepted@laptop, stop accepted carol but laptop by carol
bob decline              ; bob accept laptop           ✗ WRONG_STATE ringing declined
bob decline              ; bob decline                 = ringing bob:declined carol:ringing
bob decline              ; bob busy                    = ringing bob:declined carol:ringing
bob decline              ; ana cancel                  → cancelled bob:declined carol:cancelled, stop cancelled carol by ana
bob decline              ; timer                       → missed bob:declined carol:missed, stop missed carol by timer
bob decline              ; carol decline               → declined bob:declined carol:declined, stop declined carol by carol
bob decline              ; carol busy                  → declined bob:declined carol:busy, stop busy carol by carol
bob busy                 ; carol decline               → declined bob:busy carol:declined, stop declined carol by carol
bob busy                 ; carol busy                  → busy bob:busy carol:busy, stop busy carol by carol`

const atMsOf: Readonly<Record<string, number>> = {
  '': startedAtMs + 5_000,
  'in time': expiresAtMs - 1,
  'at expiry': expiresAtMs,
  late: expiresAtMs + 7_200_000,
}

function inputOf(text: string): CallInput {
  const [, who = '', what = '', device = '', when = ''] =
    /^(\w+)(?: (accept|decline|busy|cancel|end))?(?: (laptop|phone|-))?(?: (in time|at expiry|late))?$/.exec(
      text,
    ) ?? []
  const atMs = atMsOf[when] ?? Number.NaN
  const by = { userId: who, atMs }
  if (who === 'timer') return { type: 'timeout', atMs: when === '' ? expiresAtMs : atMs }
  if (what === 'accept') return { type: 'accept', ...by, deviceId: device === '-' ? null : device }
  if (what === 'decline' || what === 'busy' || what === 'cancel' || what === 'end') {
    return { type: what, ...by }
  }
  throw new Error(`the table has no input "${text}"`)
}

function pictureOf(call: Call): string {
  const callees = call.callees.map(
    ({ id, state, deviceId }) => `${id}:${state}${deviceId === null ? '' : `@${deviceId}`}`,
  )
  return [call.state, ...callees].join(' ')
}

function outcomeOf(call: Call, input: CallInput): string {
  const outcome = step(call, input)
  if (outcome.kind === 'refused')
    return `✗ ${outcome.code} ${outcome.state} ${outcome.calleeState ?? '-'}`
  const heard = outcome.effects.map((effect) => {
    if (effect.type === 'ring') return 'ring'
    if (effect.type === 'hang-up') return `hang-up by ${effect.userId}`
    const except = effect.exceptDeviceId === null ? '' : ` but ${effect.exceptDeviceId}`
    return `stop ${effect.reason} ${effect.calleeIds.join('+')}${except} by ${effect.userId ?? 'timer'}`
  })
  const sign = outcome.call === call ? '=' : '→'
  return [`${sign} ${pictureOf(outcome.call)}`, ...heard].join(', ')
}

function rowsOf(table: string): { before: string; now: string; expected: string }[] {
  const lines = table.split('\n').filter((line) => line.trim() !== '')
  return lines.map((line) => {
    const [, before = '', now = '', expected = ''] =
      /^(.*?)\s*; (.*?)\s+([→=✗] .*)$/.exec(line) ?? []
    return { before, now, expected }
  })
}

test.each(rowsOf(oneCallee))(
  'ana calls bob; $before; $now $expected',
  ({ before, now, expected }) => {
    const { call } = play(anaCalls('bob').call, before.split(', ').filter(Boolean).map(inputOf))
    expect(outcomeOf(call, inputOf(now))).toBe(expected)
  },
)

test.each(rowsOf(twoCallees))(
  'ana calls bob and carol; $before; $now $expected',
  ({ before, now, expected }) => {
    const { call } = play(
      anaCalls('bob', 'carol').call,
      before.split(', ').filter(Boolean).map(inputOf),
    )
    expect(outcomeOf(call, inputOf(now))).toBe(expected)
  },
)
