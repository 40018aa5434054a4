import type { DeliveryErrorCode } from './delivery-errors.ts'
import type { ExpoMessage, MessageForm } from './expo-message.ts'
import type { Platform } from './platform.ts'
import type { RequestErrorCode } from './request-errors.ts'

/** The two addresses of the service, as they end. */
export type Endpoint = 'send' | 'getReceipts'

/** One notification for one token that got an `ok` ticket. Accepted is not delivered: see `receipt`. */
export interface AcceptedPush {
  readonly type: 'push'
  /** The id in the ticket. */
  readonly ticketId: string
  readonly token: string
  /** Undefined for a token that was never installed. */
  readonly projectId: string | undefined
  /** Undefined when it was not told at `install`. */
  readonly platform: Platform | undefined
  readonly form: MessageForm
  /** The whole message as posted, with `to` being this one token. */
  readonly message: ExpoMessage & { readonly to: string }
  /** The message's `data`, empty when it has none. */
  readonly data: Readonly<Record<string, unknown>>
  /** Size of what goes to the device, as counted against 4096 bytes. */
  readonly payloadBytes: number
  /** What the receipt says, or will say once it is ready. Only with `ok` did the phone get it. */
  readonly receipt: 'ok' | DeliveryErrorCode
  /** Number of the request that carried it; see the `request` event. */
  readonly request: number
  /** Milliseconds since the epoch, by the service's clock. */
  readonly at: number
}

/** What an Expo push service sees. Every `at` is in milliseconds since the epoch. */
export type ExpoServiceEvent =
  /** A request was read, before anything is said about it. */
  | {
      readonly type: 'request'
      /** Counts from 1. */
      readonly request: number
      readonly endpoint: Endpoint
      /** All headers, names in lower case. */
      readonly headers: Readonly<Record<string, string>>
      /** As received: compressed, when it came so. */
      readonly bodyBytes: number
      /** The JSON in it; undefined when there is none. */
      readonly json: unknown
      /** Requests not yet answered at that moment, this one included. */
      readonly inFlight: number
      readonly at: number
    }
  | AcceptedPush
  /** One notification got an error ticket. */
  | {
      readonly type: 'ticket-error'
      readonly token: string
      readonly error: DeliveryErrorCode
      readonly request: number
      readonly at: number
    }
  /** A whole request was refused by the rules. */
  | {
      readonly type: 'refused'
      readonly endpoint: Endpoint
      readonly status: number
      readonly code: RequestErrorCode
      readonly message: string
      readonly request: number
      readonly at: number
    }
  /** A request was answered as `answerNext` said; `status` is missing when no answer is given. */
  | {
      readonly type: 'scripted'
      readonly kind: string
      readonly endpoint: Endpoint
      readonly status?: number
      readonly request: number
      readonly at: number
    }
  /** Receipts were asked for; `ready` are the ids that got one. */
  | {
      readonly type: 'receipts'
      readonly asked: readonly string[]
      readonly ready: readonly string[]
      readonly request: number
      readonly at: number
    }

/** The event of one type. */
export type EventOfType<T extends ExpoServiceEvent['type']> = Extract<ExpoServiceEvent, { type: T }>
