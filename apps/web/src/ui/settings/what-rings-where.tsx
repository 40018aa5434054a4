/** What rings where: the same facts as `docs/browsers.md`. */
const places = [
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
export function WhatRingsWhere() {
  return (
    <table className="where">
      <thead>
        <tr>
          <th scope="col">Where</th>
          <th scope="col">This page open</th>
          <th scope="col">Browser running</th>
          <th scope="col">Browser closed</th>
        </tr>
      </thead>
      <tbody>
        {places.map((place) => (
          <tr key={place.name}>
            <th scope="row">{place.name}</th>
            <td data-when="This page open">{place.open}</td>
            <td data-when="Browser running">{place.background}</td>
            <td data-when="Browser closed">{place.closed}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
