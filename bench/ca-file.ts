import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ca } from '@belfry/web-push/test-tls'

/** Path of the sink's authority, for `NODE_EXTRA_CA_CERTS` of whoever sends to it. */
export function writeCaFile(directory: string): string {
  const path = join(directory, 'ca.pem')
  writeFileSync(path, ca)
  return path
}
