import {
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTPayload,
} from 'jose'
import { createServer } from 'node:http'

/** An external issuer on this machine: signs tokens and publishes its keys. */
export interface Issuer {
  readonly jwksUrl: string
  sign(payload: JWTPayload, options?: { alg?: Algorithm; kid?: string | null }): Promise<string>
  /** From now on the address of the keys answers with this status and body. */
  answer(status: number, body: string): void
  close(): Promise<void>
}

export type Algorithm = 'RS256' | 'ES256'

export async function startIssuer(): Promise<Issuer> {
  const keys = new Map<Algorithm, CryptoKey>()
  const published: JWK[] = []
  for (const alg of ['RS256', 'ES256', 'ES256'] as const) {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
    published.push({ ...(await exportJWK(publicKey)), kid: `${alg}-${published.length}`, alg })
    keys.set(alg, privateKey)
  }
  let scripted = { status: 200, body: JSON.stringify({ keys: published }) }
  const http = createServer((_request, response) => {
    response.writeHead(scripted.status, { 'content-type': 'application/json' })
    response.end(scripted.body)
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    jwksUrl: `http://127.0.0.1:${port}/jwks.json`,
    async sign(payload, { alg = 'RS256', kid = alg === 'RS256' ? 'RS256-0' : 'ES256-2' } = {}) {
      const key = keys.get(alg)
      if (key === undefined) throw new Error(`no key for ${alg}`)
      return new SignJWT({ exp: Math.floor(Date.now() / 1000) + 3600, ...payload })
        .setProtectedHeader(kid === null ? { alg } : { alg, kid })
        .sign(key)
    },
    answer(status, body) {
      scripted = { status, body }
    },
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve())
        http.closeAllConnections()
      }),
  }
}
