/** Posted by the shell's own script, not by the page: a new document has begun. */
export const documentMessage = 'belfry-shell-document'

/** Runs at the beginning of every document of the main frame. Ends in `true`, as iOS wants it. */
export const documentScript = `window.ReactNativeWebView.postMessage(${JSON.stringify(documentMessage)});true;`
