import './without-eval.ts'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import { AppContext } from './app/app-context.ts'
import { createRouter } from './app/router.tsx'
import { createApp } from './model/app.ts'
import { openBelfry } from './model/belfry.ts'
import { browserClock } from './model/clock.ts'
import { ProblemError } from './model/request.ts'
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

const app = createApp({
  storage: openStorage(() => window.localStorage),
  queries,
  clock: browserClock,
  fetch: (url, init) => fetch(url, init),
  openBelfry,
})
window.addEventListener('storage', () => app.session.refresh())

const root = document.querySelector('#root')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <AppContext value={app}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={createRouter()} />
        </QueryClientProvider>
      </AppContext>
    </StrictMode>,
  )
}

/** The server answered, and asking again changes nothing. */
function isRefusal(error: Error): boolean {
  return error instanceof ProblemError && error.problem.status >= 400 && error.problem.status < 500
}
