import { Button } from './button.tsx'
import { Door } from './door.tsx'

export interface PrimerScreenProps {
  readonly onAsk: () => void
  readonly onLater: () => void
}

/** Says what the system's question, which comes only once, is about. */
export function PrimerScreen({ onAsk, onLater }: PrimerScreenProps) {
  return (
    <Door
      title="Let calls reach you"
      text="This phone rings when somebody calls, and tells you of new messages, also while the app is closed. Your phone asks next: choose Allow."
    >
      <Button isMain label="Turn on notifications" onPress={onAsk} />
      <Button label="Not now" onPress={onLater} />
    </Door>
  )
}
