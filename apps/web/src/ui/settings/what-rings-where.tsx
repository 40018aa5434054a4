/** The app on a phone. */
const apps = [
  {
    name: 'The app on Android',
    open: 'Rings',
    background: 'Notification',
    closed: 'Notification, unless the app was stopped in the phone’s settings',
  },
  {
    name: 'The app on an iPhone or iPad',
    open: 'Rings',
    background: 'Notification',
    closed: 'Notification',
  },
] as const

/** What rings where: the same facts as `docs/browsers.md`. */
const browsers = [
  {
    name: 'Firefox, Chrome or Edge on a computer',
    open: 'Rings',
    background: 'Notification',
    closed: 'Nothing. The missed call appears when the browser starts again.',
  },
  {
    name: 'Safari on a Mac',
    open: 'Rings',
    background: 'Notification',
    closed: 'Notification, while you are logged in to the Mac',
  },
  {
    name: 'A browser on Android',
    open: 'Rings',
    background: 'Notification',
    closed: 'Notification, unless the phone has put the browser to sleep',
  },
  {
    name: 'iPhone or iPad, from the Home Screen',
    open: 'Rings',
    background: 'One notification, without buttons',
    closed: 'One notification, without buttons',
  },
  {
    name: 'iPhone or iPad, in a Safari tab',
    open: 'Rings',
    background: 'Nothing',
    closed: 'Nothing',
  },
  { name: 'A private window', open: 'Rings', background: 'Nothing', closed: 'Nothing' },
] as const

/** A table on a wide page, a list on a narrow one: each answer then says its own question. */
export function WhatRingsWhere({ inApp }: { readonly inApp: boolean }) {
  const places = inApp ? apps : browsers
  const [open, background, closed] = inApp
    ? ['App open', 'App behind', 'App closed']
    : ['This page open', 'Browser running', 'Browser closed']
  return (
    <table className="where">
      <thead>
        <tr>
          <th scope="col">Where</th>
          <th scope="col">{open}</th>
          <th scope="col">{background}</th>
          <th scope="col">{closed}</th>
        </tr>
      </thead>
      <tbody>
        {places.map((place) => (
          <tr key={place.name}>
            <th scope="row">{place.name}</th>
            <td data-when={open}>{place.open}</td>
            <td data-when={background}>{place.background}</td>
            <td data-when={closed}>{place.closed}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
