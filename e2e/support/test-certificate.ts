import { execFile } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { temporaryDirectory } from './temporary-directory.ts'

const run = promisify(execFile)

/** The names that the fakes answer to: loopback, and the hosts a Chromium's endpoint may have. */
const SUBJECT_ALT_NAMES = [
  'DNS:localhost',
  'IP:127.0.0.1',
  'DNS:fcm.googleapis.com',
  'DNS:*.googleapis.com',
  'DNS:jmt17.google.com',
  'DNS:*.google.com',
].join(',')

const EC_KEY = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'

export interface TestCertificate {
  /** PEM of the throw-away authority that signed the leaf. */
  readonly ca: string
  /** The same, as a file, for `NODE_EXTRA_CA_CERTS`. */
  readonly caFile: string
  readonly certificate: string
  readonly key: string
  /** base64 SHA-256 of the leaf's public key, for `--ignore-certificate-errors-spki-list`. */
  readonly spkiHash: string
  readonly remove: () => Promise<void>
}

/**
 * Makes a certificate authority and one leaf for the hosts of the fakes, valid for two days, with
 * the `openssl` command. Nothing is reused between runs, and nothing trusts it beyond the run.
 */
export async function createTestCertificate(): Promise<TestCertificate> {
  const directory = await temporaryDirectory('certificate')
  const file = (name: string): string => join(directory.path, name)
  const openssl = (command: string): Promise<unknown> =>
    run('openssl', command.split(' '), { cwd: directory.path })
  try {
    await openssl(
      `req -x509 ${EC_KEY} -days 2 -subj /CN=belfry-test-authority -keyout ca.key -out ca.pem` +
        ' -addext keyUsage=critical,keyCertSign,cRLSign',
    )
    await openssl(`req -new ${EC_KEY} -subj /CN=localhost -keyout leaf.key -out leaf.csr`)
    await writeFile(
      file('leaf.ext'),
      `subjectAltName=${SUBJECT_ALT_NAMES}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n`,
    )
    await openssl(
      'x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial' +
        ' -days 2 -extfile leaf.ext -out leaf.pem',
    )
    const [ca, certificate, key] = await Promise.all(
      ['ca.pem', 'leaf.pem', 'leaf.key'].map((name) => readFile(file(name), 'utf8')),
    )
    if (ca === undefined || certificate === undefined || key === undefined) {
      throw new Error('openssl wrote no certificate')
    }
    const publicKey = new X509Certificate(certificate).publicKey
    const spki = publicKey.export({ type: 'spki', format: 'der' })
    const spkiHash = createHash('sha256').update(spki).digest('base64')
    return { ca, caFile: file('ca.pem'), certificate, key, spkiHash, remove: directory.remove }
  } catch (error) {
    await directory.remove()
    throw error
  }
}
