import { Link } from 'react-router'
import { ShellMain } from '../app/shell-main.tsx'

/** An address that leads nowhere. */
export function UnknownPage() {
  return (
    <ShellMain>
      <div className="nothing">
        <h1 className="heading">There is no page at this address</h1>
        <Link className="button" to="/chats">
          Go to chats
        </Link>
      </div>
    </ShellMain>
  )
}
