import { useQuery } from '@tanstack/react-query'
import type { Conversation, User } from '@belfry/contracts'
import { useApp } from '../../app/app-context.ts'
import { useLive } from '../../app/live-context.ts'
import { byLastMessage } from '../../model/chat-cache.ts'
import { peopleQuery } from '../../model/chat-queries.ts'
import { isGroup, matchesNames } from '../../model/conversation-words.ts'
import { PersonRow } from '../../ui/chats/person-row.tsx'
import { Nothing } from '../../ui/nothing.tsx'
import { ConversationRows } from './conversation-list.tsx'
import { useOpenConversation } from './use-open-conversation.ts'

export interface SearchResultsProps {
  readonly query: string
  readonly conversations: readonly Conversation[]
  readonly onChosen: () => void
}

/** Conversations whose names match, then people who have no conversation with me yet. */
export function SearchResults({ query, conversations, onChosen }: SearchResultsProps) {
  const { me } = useLive()
  const open = useOpenConversation()
  const people = usePeople(query)
  const found = byLastMessage(conversations).filter(({ title, members }) =>
    matchesNames(query, [title ?? '', ...namesOf(members.filter(({ id }) => id !== me.id))]),
  )
  const talking = new Set(
    conversations
      .filter((each) => !isGroup(each))
      .flatMap(({ members }) => members.map(({ id }) => id)),
  )
  const others = people?.filter(({ id }) => id !== me.id && !talking.has(id)) ?? []

  if (people !== undefined && found.length === 0 && others.length === 0) {
    return (
      <Nothing>
        <p>Nobody and nothing is called that.</p>
      </Nothing>
    )
  }
  return (
    <div className="rows">
      {found.length === 0 ? null : (
        <>
          <h2 className="list-day">Conversations</h2>
          <ul>
            <ConversationRows conversations={found} />
          </ul>
        </>
      )}
      {others.length === 0 ? null : (
        <>
          <h2 className="list-day">People</h2>
          <ul>
            {others.map((person) => (
              <li key={person.id}>
                <PersonRow
                  person={person}
                  onChoose={() => {
                    onChosen()
                    void open({ memberIds: [person.id] })
                  }}
                />
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

/** People whose names match; those of the last query while the next one is on its way. */
export function usePeople(query: string): readonly User[] | undefined {
  const { api } = useApp()
  const { data } = useQuery({
    ...peopleQuery(api, query),
    placeholderData: (before) => before,
  })
  return data?.users
}

function namesOf(people: readonly User[]): string[] {
  return people.flatMap(({ displayName, username }) => [displayName, username])
}
