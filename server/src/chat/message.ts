/** A message as stored. Ids are UUIDv7, so that order by id is order by time. */
export interface Message {
  readonly id: string
  readonly conversationId: string
  readonly senderId: string
  readonly text: string
  readonly sentAtMs: number
  /** The client's own id: the same one never makes a second message of the same sender here. */
  readonly clientMessageId: string | null
}
