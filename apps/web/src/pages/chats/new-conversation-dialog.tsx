import { Search, X } from 'lucide-react'
import { useState } from 'react'
import {
  Autocomplete,
  Dialog,
  Heading,
  Input,
  ListBox,
  ListBoxItem,
  Modal,
  ModalOverlay,
  SearchField,
  type Selection,
} from 'react-aria-components'
import type { User } from '@belfry/contracts'
import { useLive } from '../../app/live-context.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { PersonFace } from '../../ui/chats/person-row.tsx'
import { Field } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { usePeople } from './search-results.tsx'
import { useOpenConversation } from './use-open-conversation.ts'

export interface NewConversationDialogProps {
  readonly isOpen: boolean
  readonly onOpenChange: (isOpen: boolean) => void
}

/** Picks one person or several, and begins. */
export function NewConversationDialog({ isOpen, onOpenChange }: NewConversationDialogProps) {
  return (
    <ModalOverlay className="veil" isOpen={isOpen} onOpenChange={onOpenChange} isDismissable>
      <Modal className="dialog">
        <Dialog className="dialog-page">
          <PeoplePicker onDone={() => onOpenChange(false)} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function PeoplePicker({ onDone }: { readonly onDone: () => void }) {
  const open = useOpenConversation()
  const [chosen, setChosen] = useState<readonly User[]>([])
  const [title, setTitle] = useState('')
  const [isBusy, setBusy] = useState(false)

  async function begin(): Promise<void> {
    if (chosen.length === 0 || isBusy) return
    setBusy(true)
    const memberIds = chosen.map(({ id }) => id)
    const name = title.trim()
    const isNamed = chosen.length > 1 && name !== ''
    const isOpened = await open(isNamed ? { memberIds, title: name } : { memberIds })
    setBusy(false)
    if (isOpened) onDone()
  }

  return (
    <>
      <header className="dialog-top">
        <Heading slot="title" className="heading grow">
          New conversation
        </Heading>
        <IconButton sign={X} label="Close" onClick={onDone} />
      </header>
      <PeopleList chosen={chosen} onChange={setChosen} />
      {chosen.length > 1 ? (
        <div className="dialog-field">
          <Field
            label="Name of the conversation"
            hint="Without one, it is called by who is in it."
            maxLength={120}
            value={title}
            onChange={(event) => setTitle(event.target.value)}
          />
        </div>
      ) : null}
      <footer className="dialog-foot">
        <p className="soft grow cut">{chosenWords(chosen)}</p>
        <Button
          look="primary"
          aria-disabled={chosen.length === 0 || isBusy}
          onClick={() => void begin()}
        >
          Start
        </Button>
      </footer>
    </>
  )
}

interface PeopleListProps {
  readonly chosen: readonly User[]
  readonly onChange: (chosen: readonly User[]) => void
}

function PeopleList({ chosen, onChange }: PeopleListProps) {
  const { me } = useLive()
  const [query, setQuery] = useState('')
  const people = usePeople(query.trim())
  const shown = people?.filter(({ id }) => id !== me.id) ?? []
  const chosenIds = new Set(chosen.map(({ id }) => id))

  function select(selection: Selection): void {
    const ids = selection === 'all' ? new Set(shown.map(({ id }) => id)) : selection
    const known = [...chosen, ...shown.filter(({ id }) => !chosenIds.has(id))]
    onChange(known.filter(({ id }) => ids.has(id)))
  }

  return (
    <Autocomplete inputValue={query} onInputChange={setQuery}>
      <SearchField className="search" aria-label="Find people" autoFocus>
        <Icon sign={Search} small />
        <Input placeholder="Name or username" />
      </SearchField>
      {/* It scrolls, so a keyboard has to reach it, although the arrows of the field choose as well. */}
      <div className="rows is-people inset" tabIndex={0}>
        <ListBox
          className="people"
          aria-label="People"
          selectionMode="multiple"
          selectionBehavior="toggle"
          selectedKeys={chosenIds}
          onSelectionChange={select}
          items={shown}
          renderEmptyState={() =>
            people === undefined ? null : <p className="soft people-none">Nobody is called that.</p>
          }
        >
          {(person) => (
            <ListBoxItem id={person.id} className="row is-person" textValue={person.displayName}>
              <PersonFace person={person} />
              <span className="tick" aria-hidden="true" />
            </ListBoxItem>
          )}
        </ListBox>
      </div>
    </Autocomplete>
  )
}

function chosenWords(chosen: readonly User[]): string {
  if (chosen.length === 0) return 'Choose one person or several.'
  return chosen.map(({ displayName }) => displayName).join(', ')
}
