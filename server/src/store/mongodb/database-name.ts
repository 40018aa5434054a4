/** The URL of the database is no use. Its message never holds the URL, which may hold a password. */
export class StoreUrlError extends Error {
  readonly code = 'STORE_URL_INVALID'

  constructor(problem: string, options?: ErrorOptions) {
    super(
      `MONGODB_URL ${problem}. It looks like mongodb://user:password@host:27017/belfry.`,
      options,
    )
    this.name = 'StoreUrlError'
  }
}

/** The database that a `mongodb:` or `mongodb+srv:` URL names. It must: the driver would take one called "test". */
export function databaseName(url: string): string {
  const [, path] = /^mongodb(?:\+srv)?:\/\/[^/?#]+(?:\/([^?#]*))?/.exec(url) ?? []
  if (!/^mongodb(\+srv)?:\/\/[^/]/.test(url)) {
    throw new StoreUrlError('must begin with mongodb:// or mongodb+srv:// and name a host')
  }
  if (path === undefined || path === '') {
    throw new StoreUrlError('must name a database, after the host and a slash')
  }
  return decodeURIComponent(path)
}
