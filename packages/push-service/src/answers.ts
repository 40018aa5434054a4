/** An answer to a sender, as Mozilla's autopush 1.83.1 gives it. */
export interface Answer {
  readonly status: number
  /** Mozilla's error number; answers without one that still have a message say `null`. */
  readonly errno?: number
  /** Without a message the body is empty. */
  readonly message?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The service answers 401 and 404 before it has read the body, so it cannot keep the connection. */
const unread = { connection: 'close' }

const vapid = (message: string) => ({ status: 401, errno: 109, message, headers: unread }) as const
const encryption = (message: string) => ({ status: 400, errno: 110, message }) as const

/** Every answer of the service. The order in which they are considered is `check-push.ts`. */
export const answers = {
  accepted: { status: 201 },
  withdrawn: { status: 204 },

  'unknown-path': { status: 404, headers: unread },
  'unknown-endpoint': { status: 404, headers: unread },
  'endpoint-method': { status: 405, headers: { allow: 'POST' } },
  'message-method': { status: 405, headers: { allow: 'DELETE' } },

  'vapid-missing': vapid('Missing VAPID public key'),
  'vapid-token-missing': vapid('Missing VAPID token'),
  'vapid-scheme': vapid('Unknown auth scheme'),
  'vapid-key-invalid': vapid('Invalid VAPID public key'),
  'vapid-key-mismatch': vapid('VAPID public key mismatch'),
  'vapid-token-malformed': vapid('InvalidToken'),
  'vapid-algorithm': vapid('InvalidAlgorithm'),
  'vapid-signature': vapid('InvalidSignature'),
  'vapid-expired': vapid('ExpiredSignature'),
  'vapid-too-long': vapid('The VAPID token expiration is too long'),
  'vapid-audience': vapid('Invalid VAPID audience'),
  'vapid-claims': vapid(
    'A value in the vapid claims is either missing or incorrectly specified (e.g. "exp":"12345" or "sub":null). Please correct and retry.',
  ),

  gone: {
    status: 410,
    errno: 106,
    message: 'No such subscription',
    headers: { 'cache-control': 'max-age=86400' },
  },
  'too-large': { status: 413, errno: 104, message: 'A payload reached size limit.' },

  'encoding-missing': encryption('Missing Content-Encoding header'),
  'encoding-unknown': encryption('Unknown Content-Encoding header'),
  'crypto-key-missing': encryption('Missing Crypto-Key header'),
  'crypto-key-incomplete': encryption('Missing p256ecdsa in Crypto-Key header'),
  'salt-forbidden': encryption("Do not include 'salt' header in aes128gcm Encryption header"),
  'dh-forbidden': encryption("Do not include 'dh' header in aes128gcm Crypto-Key header"),
  'salt-missing': encryption('Missing salt value in Encryption header'),
  'dh-missing': encryption('Missing dh value in Crypto-Key header'),
  'encryption-key-forbidden': encryption(
    'Encryption-Key header is not valid for webpush draft 02 or later',
  ),

  'ttl-missing': { status: 400, errno: 111, message: 'Missing TTL value' },
  'ttl-negative': { status: 400, errno: 114, message: 'ttl: TTL must be greater than 0' },
  'topic-too-long': {
    status: 400,
    errno: 113,
    message: 'topic: Topic must be no greater than 32 characters',
  },
  'topic-alphabet': {
    status: 400,
    errno: 113,
    message: 'topic: Topic must be URL and Filename safe Base64 alphabet',
  },

  // Faults of the service itself: only `answerNext` gives these.
  'store-down': { status: 500, message: 'Database error: storage unavailable' },
  'store-busy': {
    status: 503,
    errno: 201,
    message: 'Use exponential back-off for retries',
    headers: { 'retry-after': '120' },
  },
} as const satisfies Record<string, Answer>

/** The name of a row of the table. */
export type AnswerName = keyof typeof answers
