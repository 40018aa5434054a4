import { Link } from 'react-router'
import { Failed, Nothing } from '../nothing.tsx'

/** While the server is asked about a call: the night it may ring in. */
export function CallAsked() {
  return (
    <main className="call night" aria-busy="true">
      <h1 className="unseen">Call</h1>
    </main>
  )
}

/** The server knows no such call, or does not show it to this person. */
export function NoSuchCall() {
  return (
    <main className="call">
      <h1 className="unseen">Call</h1>
      <Nothing>
        <p>There is no such call, or it was not for you.</p>
        <Link className="button" to="/chats">
          Go to chats
        </Link>
      </Nothing>
    </main>
  )
}

/** The server did not answer: the call may be in any state, and nothing is claimed. */
export function CallUnreachable({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <main className="call">
      <h1 className="unseen">Call</h1>
      <Failed onRetry={onRetry}>
        The server did not answer, so it is not known whether the call still rings.
      </Failed>
    </main>
  )
}
