import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { NotificationPreferences } from '@belfry/contracts'
import { useApp } from '../../app/app-context.ts'
import { preferencesQuery } from '../../model/chat-queries.ts'
import { keys } from '../../model/query-keys.ts'
import { valueOf } from '../../model/request.ts'
import { Button } from '../button.tsx'
import { PreviewSetting } from './preview-setting.tsx'

/** How much of a message a notification shows. It changes at once, and goes back when the server did not take it. */
export function PreviewSection({ hasApp }: { readonly hasApp: boolean }) {
  const { api, phone } = useApp()
  const queries = useQueryClient()
  const query = useQuery(preferencesQuery(api))
  const save = useMutation({
    mutationFn: (next: NotificationPreferences) => valueOf(api.savePreferences(next)),
    onMutate(next) {
      const before = query.data
      queries.setQueryData(keys.preferences, next)
      return { before }
    },
    onError: (_error, _next, kept) => queries.setQueryData(keys.preferences, kept?.before),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.preferences }),
  })
  const { data } = query
  return (
    <section className="section" id="what-they-show">
      <h2 className="heading">What notifications show</h2>
      {data === undefined ? null : (
        <PreviewSetting
          preview={data.preview}
          inApp={phone !== null}
          hasApp={hasApp}
          problem={save.isError ? 'That was not saved. Check your connection and try again.' : null}
          onChange={(preview) => save.mutate({ ...data, preview })}
        />
      )}
      {query.isError && data === undefined ? (
        <div className="settings">
          <div className="setting">
            <p>The server did not answer.</p>
            <Button small onClick={() => void query.refetch()}>
              Try again
            </Button>
          </div>
        </div>
      ) : null}
    </section>
  )
}
