import { useState, type FormEvent } from 'react'
import { Link, Navigate, useSearchParams } from 'react-router'
import { useApp, useSession } from '../../app/app-context.ts'
import { nextPath } from '../../app/next-path.ts'
import { Button } from '../../ui/button.tsx'
import { Field, Wrong } from '../../ui/field.tsx'
import { Door } from './door.tsx'
import { registerErrors, registerMistakes, type DoorErrors } from './door-errors.ts'

/** A new account: a name to sign in with, a password, and what others see. */
export function RegisterPage() {
  const { api, session } = useApp()
  const isSignedIn = useSession() !== null
  const [search] = useSearchParams()
  const [account, setAccount] = useState<Account>({ name: '', username: '', password: '' })
  const [errors, setErrors] = useState<DoorErrors>({})
  const [isBusy, setBusy] = useState(false)

  if (isSignedIn) return <Navigate to={nextPath(search)} replace />

  async function register(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (isBusy) return
    const mistakes = registerMistakes(account.username, account.password)
    setErrors(mistakes ?? {})
    if (mistakes !== null) return
    setBusy(true)
    const displayName = account.name.trim()
    const body = { username: account.username.trim(), password: account.password }
    const reply = await api.register(displayName === '' ? body : { ...body, displayName })
    setBusy(false)
    if (reply.ok) session.set(reply.value)
    else setErrors(registerErrors(reply.problem))
  }

  return (
    <Door title="Register">
      <form onSubmit={(event) => void register(event)} noValidate>
        <AccountFields account={account} errors={errors} onChange={setAccount} />
        {errors.form === undefined ? null : <Wrong>{errors.form}</Wrong>}
        <Button look="primary" type="submit" aria-disabled={isBusy}>
          {isBusy ? 'Registering…' : 'Register'}
        </Button>
        <p className="soft">
          Registered already?{' '}
          <Link to={{ pathname: '/sign-in', search: search.toString() }}>Sign in</Link>
        </p>
      </form>
    </Door>
  )
}

interface Account {
  readonly name: string
  readonly username: string
  readonly password: string
}

interface AccountFieldsProps {
  readonly account: Account
  readonly errors: DoorErrors
  readonly onChange: (account: Account) => void
}

function AccountFields({ account, errors, onChange }: AccountFieldsProps) {
  return (
    <>
      <Field
        label="Name"
        name="name"
        autoComplete="name"
        hint="What others see. Your username, if you leave it empty."
        maxLength={80}
        value={account.name}
        onChange={(event) => onChange({ ...account, name: event.target.value })}
        wrong={errors.displayName}
      />
      <Field
        label="Username"
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={64}
        value={account.username}
        onChange={(event) => onChange({ ...account, username: event.target.value })}
        wrong={errors.username}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        hint="At least 8 characters."
        maxLength={256}
        value={account.password}
        onChange={(event) => onChange({ ...account, password: event.target.value })}
        wrong={errors.password}
      />
    </>
  )
}
