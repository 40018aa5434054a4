import type { User } from '@belfry/contracts'
import { Avatar } from '../avatar.tsx'

export interface PersonRowProps {
  readonly person: User
  readonly onChoose: () => void
}

/** Somebody to write to. */
export function PersonRow({ person, onChoose }: PersonRowProps) {
  return (
    <button type="button" className="row inset is-person" onClick={onChoose}>
      <PersonFace person={person} />
    </button>
  )
}

/** Avatar, name, username. */
export function PersonFace({ person }: { readonly person: User }) {
  return (
    <>
      <Avatar id={person.id} name={person.displayName} />
      <span className="person-words">
        <span className="row-name cut">
          <bdi>{person.displayName}</bdi>
        </span>
        <span className="row-text cut">
          <bdi>{person.username}</bdi>
        </span>
      </span>
    </>
  )
}
