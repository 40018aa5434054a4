import { Button } from './button.tsx'
import { Door } from './door.tsx'

export interface OfflineScreenProps {
  readonly origin: string
  readonly onRetry: () => void
  readonly onChangeServer: () => void
}

/** Lies over the page that could not be loaded. It goes by itself when the app comes back to the front and the page loads. */
export function OfflineScreen({ origin, onRetry, onChangeServer }: OfflineScreenProps) {
  return (
    <Door
      title="No connection"
      text="Your server does not answer. Check that this phone is online. Calls and messages come through as soon as it is."
      foot={origin.replace(/^https:\/\//, '')}
    >
      <Button isMain label="Try again" onPress={onRetry} />
      <Button label="Use another server" onPress={onChangeServer} />
    </Door>
  )
}
