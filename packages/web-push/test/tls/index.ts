import { readFileSync } from 'node:fs'

// A certificate for loopback servers that play push services: localhost, 127.0.0.1, ::1, and the
// names of the browsers' push services. Valid from 2020 to 2126. The authority's own key was
// thrown away, so nothing more can ever be signed with it; still, trust it in tests only.

/** PEM: the authority to trust. */
export const ca = readPem('ca.pem')

/** PEM: the server's certificate. */
export const cert = readPem('cert.pem')

/** PEM: the server's private key, which is public knowledge. */
export const key = readPem('key.pem')

function readPem(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
}
