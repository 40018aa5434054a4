import './without-eval.ts'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import { AppContext } from './app/app-context.ts'
import { signInPath } from './app/next-path.ts'
import { createRouter } from './app/router.tsx'
import { createApp, type AppOptions } from './model/app.ts'
import { openBelfry } from './model/belfry.ts'
import { browserClock } from './model/clock.ts'
import { ProblemError } from './model/request.ts'
import { findShell } from './model/shell/find-shell.ts'
import { openStorage } from './model/storage.ts'
import './ui/styles/index.css'

const queries = new QueryClient({
  defaultOptions: {
    mutations: { networkMode: 'always' },
    queries: {
      // Realtime keeps what is shown fresh; a reconnect refetches.
      staleTime: 30_000,
      // Without a network they fail at once, and the page says so, rather than wait in silence.
      networkMode: 'always',
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && !isRefusal(error),
    },
  },
})

const shell = findShell(window)
if (shell === null) begin()
else {
  void import('./model/shell/open-phone.ts').then(
    ({ phoneOpener }) => begin(phoneOpener(window, shell)),
    // That chunk did not come: the app is of use without the phone, until the page begins anew.
    () => begin(),
  )
}

function begin(openPhone?: AppOptions['openPhone']): void {
  const app = createApp({
    storage: openStorage(() => window.localStorage),
    queries,
    clock: browserClock,
    fetch: (url, init) => fetch(url, init),
    openBelfry,
    ...(openPhone && { openPhone }),
  })
  window.addEventListener('storage', () => app.session.refresh())
  const router = createRouter()
  app.phone?.start((path) => {
    const isOut = app.session.get() === null
    void router.navigate(isOut ? signInPath(new URL(path, window.location.origin)) : path)
  })

  const root = document.querySelector('#root')
  if (root === null) return
  createRoot(root).render(
    <StrictMode>
      <AppContext value={app}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AppContext>
    </StrictMode>,
  )
}

/** The server answered, and asking again changes nothing. */
function isRefusal(error: Error): boolean {
  return error instanceof ProblemError && error.problem.status >= 400 && error.problem.status < 500
}
