import { useQuery } from '@tanstack/react-query'
import { ArrowLeft } from 'lucide-react'
import { Link } from 'react-router'
import { useApp } from '../../app/app-context.ts'
import { useTitle } from '../../app/use-title.ts'
import { keys } from '../../model/query-keys.ts'
import { valueOf } from '../../model/request.ts'
import { useWhen } from '../../ui/call/use-when.ts'
import { Icon } from '../../ui/icon.tsx'
import { Failed } from '../../ui/nothing.tsx'
import { DevicesSection } from '../../ui/settings/devices-section.tsx'
import { PhoneStatusSection } from '../../ui/settings/phone-status-section.tsx'
import { PreviewSection } from '../../ui/settings/preview-section.tsx'
import { ServerSection } from '../../ui/settings/server-section.tsx'
import { SettingsNav } from '../../ui/settings/settings-nav.tsx'
import { StatusSection } from '../../ui/settings/status-section.tsx'
import { useNotificationSettings } from '../../ui/settings/use-notification-settings.ts'
import { WhatRingsWhere } from '../../ui/settings/what-rings-where.tsx'
import '../../ui/styles/settings-notification.css'

/** Settings → Notification: does it work here, where else does it ring, what does it show. */
export function NotificationPage() {
  useTitle('Notification')
  return (
    <>
      <SettingsNav />
      <main className="main">
        <header className="top phone-top">
          <Link className="icon-button back" to="/chats" aria-label="Back to chats">
            <Icon sign={ArrowLeft} className="turns" />
          </Link>
          <p className="heading">Notification</p>
        </header>
        <div className="page">
          <h1 className="title on-desk-title">Notification</h1>
          <Sections />
        </div>
      </main>
    </>
  )
}

function Sections() {
  const { api, belfry, phone } = useApp()
  const controls = useNotificationSettings()
  const when = useWhen()
  const { data, isError, refetch } = useQuery({
    queryKey: keys.subscriptions,
    queryFn: ({ signal }) => valueOf(api.subscriptions(signal)),
  })
  const devices = data?.subscriptions
  const { thisDevice } = controls.snapshot
  const device =
    devices === undefined ? undefined : (devices.find(({ id }) => id === thisDevice) ?? null)
  return (
    <>
      {phone === null ? (
        <StatusSection controls={controls} browser={belfry.browser} device={device} when={when} />
      ) : (
        <PhoneStatusSection phone={phone} controls={controls} device={device} when={when} />
      )}
      {devices === undefined ? null : (
        <DevicesSection devices={devices} controls={controls} when={when} />
      )}
      {isError && devices === undefined ? (
        <section className="section" id="devices">
          <h2 className="heading">Devices</h2>
          <Failed onRetry={() => void refetch()}>
            The server did not answer, so your devices are not known here.
          </Failed>
        </section>
      ) : null}
      <PreviewSection hasApp={devices?.some(({ kind }) => kind === 'expo') ?? false} />
      <section className="section" id="where">
        <h2 className="heading">What rings where</h2>
        <p className="soft">
          {phone === null
            ? 'A notification needs something that runs: the browser, or the phone’s own system.'
            : 'The phone’s own system brings notifications, so the app need not run.'}{' '}
          Whatever did not ring still says afterwards that the call was missed.
        </p>
        <WhatRingsWhere inApp={phone !== null} />
      </section>
      {phone === null ? null : <ServerSection phone={phone} />}
    </>
  )
}
