import type { ShellMessage } from './messages.ts'

/**
 * The script that hands a message to the page. It does nothing when another origin has been loaded
 * meanwhile, and nothing in `message` can end the script or start a tag.
 *
 * @param origin the server's, e.g. `https://chat.example`
 */
export function pageScript(origin: string, message: ShellMessage): string {
  const detail = safeJson(message)
  const asMessage =
    message.type === 'EXPO_PUSH_TOKEN'
      ? 'window.__EXPO_PUSH_TOKEN__=d;' +
        "window.dispatchEvent(new MessageEvent('message',{data:d,origin:location.origin}));"
      : ''
  // Ends in `true`: WKWebView reports a script without a value it can hand over as an error.
  return (
    `(function(){if(location.origin!==${safeJson(origin)})return;var d=${detail};${asMessage}` +
    "window.dispatchEvent(new CustomEvent('shell',{detail:d}));})();true;"
  )
}

/** JSON that is also a JavaScript expression, wherever it is pasted. */
function safeJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
}
