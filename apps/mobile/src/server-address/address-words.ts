import type { AddressCheck } from './check-address.ts'
import type { AddressReading } from './read-address.ts'

type Wrong = Extract<AddressReading, { kind: 'wrong' }>['reason']

const wrong: Readonly<Record<Wrong, string>> = {
  empty: 'Enter the address of your server.',
  not_an_address: 'This is not an address. It looks like chat.example.org.',
  not_https: 'The address must begin with https://.',
}

/** What stands at the field when an address was not taken; undefined when it was. */
export function addressWords(answer: AddressReading | AddressCheck): string | undefined {
  switch (answer.kind) {
    case 'address':
    case 'found':
      return undefined
    case 'wrong':
      return wrong[answer.reason]
    case 'unreachable':
      return 'No answer from there. Check the address and your connection.'
    case 'not_belfry':
      return `There is no Belfry at this address. It answered ${answer.status}.`
    case 'moved':
      return `This server has moved to ${answer.origin}. Enter that address.`
  }
}
