export interface Conversation {
  readonly id: string
  readonly title: string | null
  readonly memberIds: readonly string[]
  /** For two people: their ids in order. Null for a group, and for two whose title is from before. Decides that there is one such conversation. */
  readonly directKey: string | null
  readonly createdAtMs: number
}

/** How far one member has read. */
export interface ReadMark {
  readonly conversationId: string
  readonly userId: string
  readonly messageId: string
}
