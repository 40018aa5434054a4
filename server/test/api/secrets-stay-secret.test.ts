import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ask, at } from '../support/ask.ts'
import { emptyFolder, runBelfryProcess } from '../support/belfry-process.ts'
import { newEndpoint, subscriptionAt } from '../support/browser-keys.ts'
import { freePorts } from '../support/free-port.ts'

test(
  'no endpoint, key, token, password or text is logged, however much is logged and whatever fails',
  { timeout: 60_000 },
  async () => {
    const [port, deadExpo, deadPush] = await freePorts(3)
    const dataDir = emptyFolder()
    const belfry = runBelfryProcess({
      args: ['start'],
      environment: {
        PORT: String(port),
        DATA_DIR: dataDir,
        LOG_LEVEL: 'trace',
        LOG_FORMAT: 'json',
        // Nothing listens there: every push fails, and is logged.
        EXPO_PUSH_URL: `http://127.0.0.1:${deadExpo}`,
        EXPO_ACCESS_TOKEN: 'canary-access-token',
        PUSH_RESOLVE: `updates.push.services.mozilla.com:443=127.0.0.1:${deadPush}`,
      },
    })
    await belfry.printed('Belfry is running')
    const url = `http://127.0.0.1:${port}`
    const send = (token: string | null, ...[method, path, body]: [string, string, unknown?]) =>
      ask(url, token, { method, path, body })

    const password = 'canary-password-1'
    const ana = await send(null, 'POST', '/api/auth/register', { username: 'ana', password })
    const bob = await send(null, 'POST', '/api/auth/register', { username: 'bob', password })
    const [token, bobToken] = [String(at(ana.body, 'token')), String(at(bob.body, 'token'))]
    const subscription = subscriptionAt(newEndpoint())
    const registered = await send(bobToken, 'POST', '/api/push-subscriptions', subscription)
    const renewToken = String(at(registered.body, 'renewToken'))
    const expoToken = 'ExponentPushToken[canary-of-a-phone]'
    await send(bobToken, 'POST', '/api/push-subscriptions/expo', { token: expoToken })
    await send(token, 'POST', '/api/push-subscriptions/expo', { token: expoToken })
    const text = 'canary-text-of-a-message'
    const conversation = await send(token, 'POST', '/api/conversations', {
      memberIds: [at(bob.body, 'user', 'id')],
    })
    const path = `/api/conversations/${String(at(conversation.body, 'id'))}/messages`
    await send(token, 'POST', path, { text })
    await send(bobToken, 'POST', '/api/push-subscriptions/test')
    await send(token, 'POST', '/api/push-subscriptions', subscription)
    await send(null, 'POST', '/api/push-subscriptions/renew', {
      oldEndpoint: subscription.endpoint,
      renewToken,
    })
    await send(null, 'POST', '/api/auth/login', { username: 'ana', password: `${password}x` })
    await send(`${token}x`, 'GET', '/api/me')
    await ask(url, token, { method: 'POST', path, raw: `{"text":"${text}` })
    await send(null, 'POST', '/api/push-receipts', { receipt: 'canary.receipt', event: 'shown' })
    belfry.signal('SIGTERM')
    expect(await belfry.ended).toBe(0)

    const keys: unknown = JSON.parse(readFileSync(join(dataDir, 'keys.json'), 'utf8'))
    const secrets = {
      password,
      token,
      bobToken,
      text,
      renewToken,
      expoToken: 'canary-of-a-phone',
      expoAccessToken: 'canary-access-token',
      receipt: 'canary.receipt',
      endpoint: subscription.endpoint,
      endpointPath: new URL(subscription.endpoint).pathname.slice(-20),
      p256dh: subscription.keys.p256dh,
      auth: subscription.keys.auth,
      vapidPrivateKey: at(keys, 'vapidPrivateKey'),
      jwtSecret: at(keys, 'jwtSecret'),
    }
    const printed = belfry.output()
    expect(printed).toContain('WebPush: Consuming chat message')
    expect(printed).toContain('ExpoPush: Consuming chat message')
    const leaked = Object.entries(secrets).filter(([, secret]) => printed.includes(String(secret)))
    expect(leaked.map(([name]) => name)).toEqual([])
  },
)
