/** The value of `name` in a header such as `keyid=p256dh;dh=BN…, p256ecdsa=BK…`, without quotes. */
export function headerParameter(header: string, name: string): string | undefined {
  for (const part of header.split(/[,;]/)) {
    const equals = part.indexOf('=')
    if (equals !== -1 && part.slice(0, equals).trim() === name) {
      return part
        .slice(equals + 1)
        .trim()
        .replaceAll('"', '')
    }
  }
  return undefined
}
