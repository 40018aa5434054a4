/**
 * For every answer. The app loads nothing from elsewhere; sockets go to its own origin.
 * `style-src` allows inline styles, because components position themselves by style attributes.
 */
export function securityHeaders(publicUrl: string): Readonly<Record<string, string>> {
  const socketOrigin = publicUrl.replace(/^http/, 'ws')
  return {
    'content-security-policy': [
      "default-src 'self'",
      "script-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob: https:",
      "font-src 'self'",
      `connect-src 'self' ${socketOrigin}`,
      "media-src 'self' blob:",
      "worker-src 'self'",
      "manifest-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'permissions-policy':
      'camera=(self), microphone=(self), display-capture=(self), autoplay=(self), screen-wake-lock=(self), picture-in-picture=(self), geolocation=()',
    ...(publicUrl.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  }
}
