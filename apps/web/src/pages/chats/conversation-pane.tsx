import { Search, SquarePen } from 'lucide-react'
import { useState } from 'react'
import { useParams } from 'react-router'
import { MeMenu } from '../../app/me-menu.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Failed, Nothing } from '../../ui/nothing.tsx'
import { useNarrow } from '../../ui/ring/use-narrow.ts'
import { RowBones } from '../../ui/skeleton.tsx'
import { ConversationList } from './conversation-list.tsx'
import { SearchResults } from './search-results.tsx'
import { useConversations } from './use-conversations.ts'

/** Chats: search, a new conversation, the list. On a phone it is a page of its own. */
export function ConversationPane({ onNew }: { readonly onNew: () => void }) {
  const isNarrow = useNarrow()
  const isPage = useParams().id === undefined && isNarrow
  const { data, isError, refetch } = useConversations()
  const [query, setQuery] = useState('')
  const isEmpty = data?.conversations.length === 0

  return (
    <section className="list-pane" role={isPage ? 'main' : undefined} aria-label="Chats">
      <header className="top">
        <MeMenu className="icon-button on-phone me-on-phone" size={32} placement="bottom start" />
        <h1 className="heading grow">Chats</h1>
        <IconButton sign={SquarePen} label="New conversation" onClick={onNew} />
      </header>
      {isEmpty ? null : (
        <label className="search">
          <Icon sign={Search} small />
          <input
            type="search"
            placeholder="Search"
            aria-label="Search people and conversations"
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setQuery('')
            }}
          />
        </label>
      )}
      {data === undefined ? (
        isError ? (
          <Failed onRetry={() => void refetch()}>
            The server did not answer. Your conversations are still there.
          </Failed>
        ) : (
          <RowBones count={8} />
        )
      ) : isEmpty ? (
        <Nothing>
          <p>No conversations yet. Find someone to write to or to call.</p>
          <Button sign={SquarePen} onClick={onNew}>
            New conversation
          </Button>
        </Nothing>
      ) : query.trim() === '' ? (
        <ConversationList conversations={data.conversations} />
      ) : (
        <SearchResults
          query={query.trim()}
          conversations={data.conversations}
          onChosen={() => setQuery('')}
        />
      )}
    </section>
  )
}
