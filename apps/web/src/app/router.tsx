import { createBrowserRouter, redirect } from 'react-router'
import { DoorSkeleton } from './door-skeleton.tsx'
import { PageFailed } from './page-failed.tsx'

/** Every address of the app. Each page is a chunk of its own. */
export function createRouter() {
  return createBrowserRouter([
    {
      errorElement: <PageFailed />,
      hydrateFallbackElement: <DoorSkeleton />,
      children: [
        { path: '/sign-in', lazy: signIn },
        { path: '/register', lazy: register },
        {
          lazy: signedIn,
          children: [
            { path: '/calls/:sessionId', lazy: call },
            { path: '/calls/incoming', lazy: incomingCall },
            {
              lazy: shell,
              children: [
                { path: '/', loader: () => redirect('/chats') },
                { path: '/chats', handle: { open: 'list' }, lazy: chats },
                { path: '/chats/:id', handle: { open: 'main' }, lazy: chats },
                { path: '/settings', loader: () => redirect('/settings/notification') },
                {
                  path: '/settings/notification',
                  handle: { open: 'main', isLong: true },
                  lazy: notificationSettings,
                },
                { path: '*', handle: { open: 'main' }, lazy: unknownPage },
              ],
            },
          ],
        },
      ],
    },
  ])
}

const signIn = async () => ({
  Component: (await import('../pages/sign-in/sign-in-page.tsx')).SignInPage,
})
const register = async () => ({
  Component: (await import('../pages/sign-in/register-page.tsx')).RegisterPage,
})
const signedIn = async () => ({ Component: (await import('./signed-in.tsx')).SignedIn })
const shell = async () => ({ Component: (await import('./shell.tsx')).Shell })
const chats = async () => ({ Component: (await import('../pages/chats/chats-page.tsx')).ChatsPage })
const call = async () => ({ Component: (await import('../pages/calls/call-page.tsx')).CallPage })
const incomingCall = async () => ({
  Component: (await import('../pages/calls/incoming-call-page.tsx')).IncomingCallPage,
})
const notificationSettings = async () => ({
  Component: (await import('../pages/settings/notification-page.tsx')).NotificationPage,
})
const unknownPage = async () => ({
  Component: (await import('../pages/unknown-page.tsx')).UnknownPage,
})
