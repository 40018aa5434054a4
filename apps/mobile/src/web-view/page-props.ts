import type { WebViewProps } from 'react-native-webview'

/** How the page's WebView behaves, whatever the server. */
export const pageProps: WebViewProps = {
  // Every address goes through `loadDecision`. This list is matched at the start of an address only
  // (`https://chat.example` lets `https://chat.example.evil.tld` pass), and what it does not match
  // would be opened by the system without asking us.
  originWhitelist: ['*'],
  // Links that ask for another window load in this one, and so pass `loadDecision`.
  setSupportMultipleWindows: false,
  javaScriptCanOpenWindowsAutomatically: false,
  allowFileAccess: false,
  allowFileAccessFromFileURLs: false,
  allowUniversalAccessFromFileURLs: false,
  mixedContentMode: 'never',
  thirdPartyCookiesEnabled: false,
  geolocationEnabled: false,
  webviewDebuggingEnabled: __DEV__,
  // Calls: the ring sounds and the other's picture moves without a tap.
  mediaPlaybackRequiresUserAction: false,
  allowsInlineMediaPlayback: true,
  mediaCapturePermissionGrantType: 'grantIfSameHostElseDeny',
  allowsBackForwardNavigationGestures: true,
  bounces: false,
  overScrollMode: 'never',
  dataDetectorTypes: 'none',
  // The shell pads for the phone's edges.
  contentInsetAdjustmentBehavior: 'never',
  automaticallyAdjustContentInsets: false,
  setBuiltInZoomControls: false,
  applicationNameForUserAgent: 'BelfryShell/1',
}
