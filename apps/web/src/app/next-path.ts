import { isOwnPath } from '../model/own-path.ts'

/** The part of a location that a deep link is made of. */
interface Place {
  readonly pathname: string
  readonly search: string
  readonly hash: string
}

/** The door, remembering where the person wanted to go. */
export function signInPath(place: Place): string {
  const wanted = place.pathname + place.search + place.hash
  return wanted === '/' || wanted === '/chats'
    ? '/sign-in'
    : `/sign-in?${new URLSearchParams({ next: wanted }).toString()}`
}

/** Where to go after signing in. Only a path of this app counts: a link must not lead elsewhere. */
export function nextPath(search: URLSearchParams): string {
  const next = search.get('next')
  return next !== null && isOwnPath(next) ? next : '/chats'
}
