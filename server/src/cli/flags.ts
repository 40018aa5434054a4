import { InvalidArgumentError } from 'commander'

/** Parser of a flag that takes a port. @throws InvalidArgumentError, to which commander adds the flag and its value. */
export function port(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new InvalidArgumentError(
    'It must be a whole number from 0 to 65535; 0 takes any port that is free.',
  )
}

/** Of a flag that takes an address to listen on. */
export function listenAddress(text: string): string {
  // Node takes an empty one for every address of the machine.
  if (/^[\w.:%-]+$/.test(text)) return text
  throw new InvalidArgumentError('It must be an address of this machine, such as 127.0.0.1 or ::1.')
}

/** Of a flag that takes seconds; up to a day, and as fine as a millisecond. */
export function seconds(text: string): number {
  if (/^\d{1,5}(\.\d{1,3})?$/.test(text) && Number(text) <= 86_400) return Number(text)
  throw new InvalidArgumentError(
    'It must be a number of seconds from 0 to 86400, such as 2 or 0.5.',
  )
}
