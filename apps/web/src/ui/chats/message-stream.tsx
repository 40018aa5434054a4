import type { StreamGroup, StreamItem } from '../../model/message-stream.ts'
import type { Times } from '../../model/times.ts'
import { MessageGroup } from './message-group.tsx'

export interface MessageStreamProps {
  readonly items: readonly StreamItem[]
  readonly times: Times
  readonly nowMs: number
  /** Names of who speaks; null where two people talk, and no name is needed. */
  readonly nameOf: ((userId: string) => string) | null
  readonly onRetry: (key: string) => void
  readonly onDiscard: (key: string) => void
}

/** Day lines, the line of new messages, and runs of bubbles. */
export function MessageStream(props: MessageStreamProps) {
  const { items, times, nowMs, nameOf } = props
  const lastGroup = items.findLast((item) => item.kind === 'group')
  return items.map((item, at) => {
    if (item.kind === 'day') {
      return (
        <p className="day" key={item.key}>
          {times.dayLine(item.atMs, nowMs)}
        </p>
      )
    }
    if (item.kind === 'new') {
      return (
        <p className="new" role="separator" key={item.key}>
          New messages
        </p>
      )
    }
    return (
      <MessageGroup
        key={item.key}
        group={item}
        speaker={nameOf === null || item.isMine ? null : nameOf(item.senderId)}
        isNamed={!isBySame(items[at - 1], item)}
        time={times.clock(item.atMs)}
        fullTime={times.full(item.atMs)}
        saysState={item === lastGroup && item.isMine}
        onRetry={props.onRetry}
        onDiscard={props.onDiscard}
      />
    )
  })
}

function isBySame(before: StreamItem | undefined, group: StreamGroup): boolean {
  return before?.kind === 'group' && before.senderId === group.senderId
}
