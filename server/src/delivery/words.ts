import type { CallEndReason } from '@belfry/contracts'

/** What notifications say, in English. Sentence case, no exclamation marks. */
export const words = {
  lang: 'en',
  chatTitle: (sender: string, conversation: string | undefined) =>
    conversation === undefined ? sender : `${sender} in ${conversation}`,
  newMessage: 'New message',
  calling: (caller: string) => `${caller} is calling`,
  incomingCall: 'Incoming call',
  media: { audio: 'Audio call', video: 'Video call' },
  missedCall: (caller: string) => `Missed call from ${caller}`,
  missedCallFromSomeone: 'Missed call',
  callBack: 'Call back',
  someone: 'Someone',
  ended: {
    accepted: 'Answered on another device',
    declined: 'Declined on another device',
    busy: 'In another call',
    cancelled: 'The call is over',
  } satisfies Partial<Record<CallEndReason, string>>,
  answeredBySomeoneElse: 'Somebody else answered',
  test: {
    message: { title: 'This is how a message looks', body: 'Notifications work in this browser.' },
    call: { title: 'This is how a call rings', body: 'Notifications work in this browser.' },
  },
  worksOnPhone: 'Notifications work on this phone.',
} as const
