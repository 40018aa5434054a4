/** What a phone runs. */
export type Platform = 'android' | 'ios'
