import { startExpoService, type DeliveryErrorCode } from '@belfry/expo-service'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ask, at } from '../support/ask.ts'
import { emptyFolder, runBelfryProcess } from '../support/belfry-process.ts'
import { freePort } from '../support/free-port.ts'

const errors: readonly DeliveryErrorCode[] = [
  'MessageTooBig',
  'InvalidCredentials',
  'DeveloperError',
  'ProviderError',
  'DeviceNotRegistered',
]

test(
  'the lines that operators grep for are logged, and no token or text, whatever Expo says',
  { timeout: 60_000 },
  async () => {
    const expo = await startExpoService()
    onTestFinished(() => expo.close())
    const port = await freePort()
    const belfry = runBelfryProcess({
      args: ['start'],
      environment: {
        PORT: String(port),
        DATA_DIR: emptyFolder(),
        LOG_LEVEL: 'trace',
        LOG_FORMAT: 'json',
        EXPO_PUSH_URL: expo.url,
        EXPO_RECEIPT_DELAY_SECONDS: '0',
      },
    })
    await belfry.printed('Belfry is running')
    const send = (token: string | null, ...[method, path, body]: [string, string, unknown?]) =>
      ask(`http://127.0.0.1:${port}`, token, { method, path, body })
    const register = (username: string) =>
      send(null, 'POST', '/api/auth/register', { username, password: 'correct horse' })
    const [ana, bob] = [await register('ana'), await register('bob')]
    const [anas, bobs] = [ana, bob].map(({ body }) => String(at(body, 'token')))
    if (anas === undefined || bobs === undefined) throw new Error('no people')
    const bobId = at(bob.body, 'user', 'id')
    await send(bobs, 'PUT', '/api/notification-preferences', { preview: 'full' })

    // A phone for every trouble, in a project of its own: told by the ticket, and by the receipt.
    for (const error of errors) {
      for (const kind of ['ticket-error', 'receipt-error'] as const) {
        const token = `ExponentPushToken[canary-${error}-${kind}]`
        const projectId = `${error}-${kind}`
        expo.install({ token, projectId })
        await send(bobs, 'POST', '/api/push-subscriptions/expo', { token, projectId })
        expo.answerNext({ kind, error }, { token, times: 2 })
      }
    }
    const good = expo.install({ token: 'ExponentPushToken[canary-good]', projectId: 'good' })
    await send(bobs, 'POST', '/api/push-subscriptions/expo', { token: good, projectId: 'good' })
    const conversation = await send(anas, 'POST', '/api/conversations', { memberIds: [bobId] })
    const path = `/api/conversations/${String(at(conversation.body, 'id'))}/messages`
    const message = await send(anas, 'POST', path, { text: 'canary-text' })
    await belfry.printed(`ExpoPush: Sent chat push for message ${String(at(message.body, 'id'))}`)
    await belfry.printed('had taken was refused by Apple or Google')
    const wish = { calleeIds: [bobId], media: 'audio' }
    const call = await send(anas, 'POST', '/api/calls', wish)
    const sessionId = String(at(call.body, 'sessionId'))
    await belfry.printed(`ExpoPush: Sent call push for ${sessionId}`)
    await vi.waitFor(() => expect(expo.events.ofType('receipts').length).toBeGreaterThan(1), {
      timeout: 5000,
    })
    belfry.signal('SIGTERM')
    expect(await belfry.ended).toBe(0)

    const printed = belfry.output()
    const lines = printed.split('\n').filter((line) => line.startsWith('{'))
    const said = lines.map((line) => String(at(JSON.parse(line), 'msg')))
    expect(said).toContain(`ExpoPush: Consuming chat message ${String(at(message.body, 'id'))}`)
    expect(said).toContain(`ExpoPush: Consuming incoming call ${sessionId}`)
    expect(said).toContain('ExpoPush: the push service refuses what we send; nothing was forgotten')
    expect(printed).not.toMatch(/ExponentPushToken|canary/)
  },
)
