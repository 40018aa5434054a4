import { once } from 'node:events'
import { Agent, createServer, get, type IncomingMessage } from 'node:http'
import { onTestFinished, expect, test } from 'vitest'
import { startBalancer, type Balancer } from './balancer.ts'
import { closeAfterTest } from './close-after-test.ts'
import { listenOnLoopback, type ListeningServer } from './loopback-server.ts'

test('servers take turns, connection by connection', async () => {
  const balancer = await closeAfterTest(startBalancer())
  balancer.add((await closeAfterTest(named('one'))).port)
  balancer.add((await closeAfterTest(named('two'))).port)
  expect([await ask(balancer), await ask(balancer), await ask(balancer)]).toEqual([
    'one',
    'two',
    'one',
  ])
  expect(balancer.taken()).toEqual([2, 1])
})

test('a server that is down is passed over', async () => {
  const balancer = await closeAfterTest(startBalancer())
  const one = await named('one')
  balancer.add(one.port)
  balancer.add((await closeAfterTest(named('two'))).port)
  await one.close()
  expect([await ask(balancer), await ask(balancer)]).toEqual(['two', 'two'])
  expect(balancer.taken()).toEqual([0, 2])
})

test('a server that dies cuts what it was about to answer', async () => {
  const balancer = await closeAfterTest(startBalancer())
  const silent = createServer()
  const dying = await listenOnLoopback(silent)
  balancer.add(dying.port)
  const asked = once(silent, 'request')
  const cut = expect(ask(balancer)).rejects.toThrow('socket hang up')
  await asked
  await dying.close()
  await cut
})

test('a client is cut while no server is up', async () => {
  const balancer = await closeAfterTest(startBalancer())
  await expect(ask(balancer)).rejects.toThrow('socket hang up')
})

function named(name: string): Promise<ListeningServer> {
  return listenOnLoopback(createServer((_request, response) => void response.end(name)))
}

/** On a connection of its own. */
async function ask({ port }: Balancer): Promise<string> {
  const agent = new Agent({ keepAlive: false })
  onTestFinished(() => agent.destroy())
  const request = get({ port, host: '127.0.0.1', agent })
  const [response]: IncomingMessage[] = await once(request, 'response')
  if (response === undefined) throw new Error('no answer')
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return text
}
