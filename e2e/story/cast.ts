import type { PushService, Recipient } from '@belfry/push-service'
import { newAccount, type Account } from './account.ts'
import { registerByApi, type ApiPerson } from './api-person.ts'

/** People with a past, for pictures that look like use. */
export interface Cast {
  /** Through whose eyes the pictures are made. */
  readonly jonas: ApiPerson
  readonly account: Account
  readonly ana: ApiPerson
  /** The conversations that pictures are made of, by what they show. */
  readonly chats: { readonly ana: string; readonly group: string; readonly noor: string }
  /** Of Ana's only device, which shows everything at once. */
  readonly anasDevice: Recipient
}

/** Writes the past onto a server. */
export async function gatherCast(serverUrl: string, push: PushService): Promise<Cast> {
  const account = newAccount('Jonas Weber')
  const enter = (name: string): Promise<ApiPerson> => registerByApi(serverUrl, newAccount(name))
  const jonas = await registerByApi(serverUrl, account)
  const [ana, wei, noor, long, ines] = await Promise.all([
    enter('Ana Ferreira'),
    enter('Wei Zhang'),
    enter('نور الأمين'),
    enter('Maximiliane von Hohenlohe-Langenburg-Schillingsfürst'),
    enter('Inês Carvalho'),
  ])
  const anasDevice = await ringingDevice(serverUrl, push, { owner: ana, name: 'Firefox, Linux' })
  await ringingDevice(serverUrl, push, { owner: jonas, name: 'Pixel 9' })

  const withInes = await ines.conversationWith(jonas.user)
  await ines.write(withInes.id, 'The second act is in your folder.')
  const withLong = await long.conversationWith(jonas.user)
  await long.write(
    withLong.id,
    'Could you look through the whole contract again before Thursday, the annexes as well?',
  )
  const withNoor = await jonas.conversationWith(noor.user)
  await noor.write(withNoor.id, 'مساء الخير! هل نلتقي غدًا قبل البروفة؟')
  await jonas.write(withNoor.id, 'نعم، الساعة السابعة والنصف عند المدخل.')
  await noor.write(withNoor.id, 'ممتاز. سأحضر النوتة، و the score from Ana أيضًا.')

  const withAna = await jonas.conversationWith(ana.user)
  for (let round = 0; round < 20; round += 1) await tell(talk, { jonas, ana, id: withAna.id })
  await jonas.read(await ana.write(withAna.id, 'Until tonight, then.'))
  const group = await ana.group([jonas.user, wei.user, ines.user], 'Rehearsal')
  await ana.write(group.id, 'Hall B is ours from seven. Who has the keys?')
  await wei.write(group.id, 'I do. I will be there at half past six.')
  await jonas.write(group.id, 'Then I bring the stands.')
  await wei.write(group.id, 'See you all tonight')
  await ana.write(withAna.id, 'see you at eight?')
  const chats = { ana: withAna.id, group: group.id, noor: withNoor.id }
  return { jonas, account, ana, chats, anasDevice }
}

type Line = readonly ['jonas' | 'ana', string]

const talk: readonly Line[] = [
  ['ana', 'Did you get the new score?'],
  ['jonas', 'Yes, it arrived this morning.'],
  ['jonas', 'The second violins start two bars later now, is that right?'],
  ['ana', 'It is. Wei asked for it, the trumpets were covering them.'],
  ['ana', 'I put the corrected parts here: https://scores.example/rehearsal/second-act'],
  ['jonas', 'Thank you. I will print them before I leave.'],
  [
    'ana',
    'Then there is only the question of who conducts on Friday, because I am in Porto until noon.',
  ],
  ['jonas', 'I can take the first hour.'],
  ['ana', 'That helps a lot.'],
  ['jonas', 'Gladly.'],
]

async function tell(
  lines: readonly Line[],
  { id, ...people }: { readonly jonas: ApiPerson; readonly ana: ApiPerson; readonly id: string },
): Promise<void> {
  for (const [who, text] of lines) await people[who].write(id, text)
}

/** A device that says of everything it gets that it shows it. */
async function ringingDevice(
  serverUrl: string,
  push: PushService,
  { owner, name }: { readonly owner: ApiPerson; readonly name: string },
): Promise<Recipient> {
  const config: unknown = await (await fetch(`${serverUrl}/api/push/config`)).json()
  const device = push.subscribe({ vapidPublicKey: text(config, ['vapidPublicKey']) })
  await owner.addDevice(device.toJSON(), name)
  const receiptEach = async (): Promise<void> => {
    for (;;) {
      const { json } = await device.next()
      const receipt = text(json, ['notification', 'data', 'receipt'])
      await fetch(`${serverUrl}/api/push-receipts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ receipt, event: 'shown' }),
      })
    }
  }
  receiptEach().catch(() => {
    // The server is gone: so are the pictures.
  })
  return device
}

function text(value: unknown, [name = '', ...deeper]: readonly string[]): string {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  const found: unknown = entries.find(([key]) => key === name)?.[1]
  if (deeper.length > 0) return text(found, deeper)
  return typeof found === 'string' ? found : ''
}
