import { useMutation } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { keys } from '../model/query-keys.ts'
import { Button } from '../ui/button.tsx'
import { useApp } from './app-context.ts'

/** Turns notifications on in this browser. When that fails, it leads to the page that says why. */
export function EnableButton({ children }: { readonly children: string }) {
  const { belfry, queries } = useApp()
  const navigate = useNavigate()
  const enabling = useMutation({
    mutationFn: () => belfry.enable(),
    async onSettled(result) {
      await queries.invalidateQueries({ queryKey: keys.bell })
      await queries.invalidateQueries({ queryKey: keys.subscriptions })
      if (result?.kind !== 'enabled') await navigate('/settings/notification')
    },
  })
  return (
    <Button look="bell" aria-disabled={enabling.isPending} onClick={() => enabling.mutate()}>
      {children}
    </Button>
  )
}
