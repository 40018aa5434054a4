import { useState, type FormEvent } from 'react'
import { Link, Navigate, useSearchParams } from 'react-router'
import { useApp, useSession } from '../../app/app-context.ts'
import { nextPath } from '../../app/next-path.ts'
import { Button } from '../../ui/button.tsx'
import { Field, Wrong } from '../../ui/field.tsx'
import { Door } from './door.tsx'
import { signInErrors, type DoorErrors } from './door-errors.ts'

/** The door. Who is signed in goes on to where they wanted to go. */
export function SignInPage() {
  const { api, session } = useApp()
  const isSignedIn = useSession() !== null
  const [search] = useSearchParams()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [errors, setErrors] = useState<DoorErrors>({})
  const [isBusy, setBusy] = useState(false)

  if (isSignedIn) return <Navigate to={nextPath(search)} replace />

  async function signIn(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (isBusy) return
    setErrors({})
    setBusy(true)
    const reply = await api.login({ username: username.trim(), password })
    setBusy(false)
    if (reply.ok) session.set(reply.value)
    else setErrors(signInErrors(reply.problem))
  }

  return (
    <Door title="Sign in">
      <form onSubmit={(event) => void signIn(event)}>
        <Field
          label="Username"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          value={username}
          onChange={(event) => setUsername(event.target.value)}
          wrong={errors.username}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          wrong={errors.password}
        />
        {errors.form === undefined ? null : <Wrong>{errors.form}</Wrong>}
        <Button look="primary" type="submit" aria-disabled={isBusy}>
          {isBusy ? 'Signing in…' : 'Sign in'}
        </Button>
        <p className="soft">
          New here? <Link to={{ pathname: '/register', search: search.toString() }}>Register</Link>
        </p>
      </form>
    </Door>
  )
}
