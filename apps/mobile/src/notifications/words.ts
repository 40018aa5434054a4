/** What this phone says by itself; the server's words come with the push. */
export const words = {
  calling: (caller: string) => (caller === '' ? 'Incoming call' : `${caller} is calling`),
  media: { audio: 'Audio call', video: 'Video call' },
  missedCall: (caller: string) => (caller === '' ? 'Missed call' : `Missed call from ${caller}`),
  callBack: (at: string) => `${at} · Call back`,
  notDeclined: 'The call was not declined',
  notDeclinedWhy: 'The server could not be reached. It rings elsewhere until it ends by itself.',
  answer: 'Answer',
  decline: 'Decline',
} as const
