import { useCallback, useEffect, useRef, useState } from 'react'
import { BackHandler, Linking, View } from 'react-native'
import { WebView, type WebViewMessageEvent, type WebViewNavigation } from 'react-native-webview'
import type { ShouldStartLoadRequest } from 'react-native-webview/lib/WebViewTypes'
import { parsePageMessage, type PageMessage } from '../bridge/messages.ts'
import { documentMessage, documentScript } from '../bridge/document-script.ts'
import { pageScript } from '../bridge/page-script.ts'
import { isSameOrigin } from '../server-address/origin.ts'
import type { Shell } from '../shell/shell.ts'
import { isStranger, loadDecision } from '../web-view/load-decision.ts'
import { pageProps } from '../web-view/page-props.ts'
import { OfflineScreen } from './offline-screen.tsx'
import { PageFrame } from './page-frame.tsx'
import { useTheme } from './theme.ts'
import { useFrontRetry } from './use-front-retry.ts'

/** A page that has not asked for the shell by then is none that knows it. */
const silentAfterMs = 5_000

export interface PageScreenProps {
  readonly origin: string
  readonly shell: Shell
  /** What the page asks for, apart from what this screen does itself. */
  readonly onMessage: (message: PageMessage) => void
  readonly onDownload: (url: string, fileName: string) => void
  readonly onListens: (listens: boolean) => void
  readonly onChangeServer: () => void
}

/** The server's page, and over it the screen that says when it cannot be reached. */
export function PageScreen(props: PageScreenProps) {
  const { origin, shell, onListens, onDownload, onChangeServer } = props
  const theme = useTheme()
  const view = useRef<WebView>(null)
  const [load, setLoad] = useState<{ readonly uri: string; readonly count: number }>()
  const [isDown, setDown] = useState(false)
  const setCanGoBack = useBack(useCallback(() => view.current?.goBack(), []))
  const awaitQuestion = useSilence(shell)

  useEffect(() => {
    shell.attach({
      tell: (message) => view.current?.injectJavaScript(pageScript(origin, message)),
      // Counted, so that the same address is loaded again when its process was stopped.
      load: (path) => setLoad((last) => ({ uri: origin + path, count: (last?.count ?? 0) + 1 })),
      pageListens: onListens,
    })
    return () => shell.attach(undefined)
  }, [shell, origin, onListens])

  const reload = useCallback(() => {
    setDown(false)
    view.current?.reload()
  }, [])
  useFrontRetry(isDown, reload)

  function decide({ url, isTopFrame }: ShouldStartLoadRequest): boolean {
    const decision = loadDecision({ url, isTopFrame }, origin)
    if (decision === 'outside') void Linking.openURL(url).catch(ignoreNoApp)
    return decision === 'inside'
  }

  function moved({ url, canGoBack }: WebViewNavigation) {
    setCanGoBack(canGoBack)
    if (!isStranger(url, origin)) return
    view.current?.stopLoading()
    shell.input({ kind: 'mounts' })
  }

  const offline = <OfflineScreen origin={origin} onRetry={reload} onChangeServer={onChangeServer} />
  return (
    <PageFrame cover={isDown ? offline : null}>
      {load === undefined ? null : (
        <WebView
          {...pageProps}
          key={load.count}
          ref={view}
          source={{ uri: load.uri }}
          style={{ backgroundColor: theme.paper }}
          injectedJavaScriptBeforeContentLoaded={documentScript}
          renderError={() => <View />}
          onShouldStartLoadWithRequest={decide}
          onNavigationStateChange={moved}
          onLoadEnd={awaitQuestion}
          onError={() => setDown(true)}
          onHttpError={({ nativeEvent }) => setDown(nativeEvent.statusCode >= 500)}
          onContentProcessDidTerminate={() => shell.input({ kind: 'mounts' })}
          onRenderProcessGone={() => shell.input({ kind: 'mounts' })}
          onFileDownload={({ nativeEvent }) => onDownload(nativeEvent.downloadUrl, '')}
          onMessage={(event) => receive(event, props)}
        />
      )}
    </PageFrame>
  )
}

/** Every frame of every origin can speak here: only the server's own is heard. */
function receive({ nativeEvent }: WebViewMessageEvent, props: PageScreenProps) {
  if (!isSameOrigin(nativeEvent.url, props.origin)) return
  if (nativeEvent.data === documentMessage) props.shell.input({ kind: 'loads' })
  const message = parsePageMessage(nativeEvent.data)
  if (message === undefined) return
  if (message.type === 'SHELL_READY?') props.shell.input({ kind: 'asked' })
  else props.onMessage(message)
}

/** Android's back button goes back in the page, and leaves the app from its first page. */
function useBack(goBack: () => void): (canGoBack: boolean) => void {
  const canGoBack = useRef(false)
  useEffect(() => {
    const subscription = BackHandler.addEventListener('hardwareBackPress', () => {
      if (canGoBack.current) goBack()
      return canGoBack.current
    })
    return () => subscription.remove()
  }, [goBack])
  return useCallback((can) => {
    canGoBack.current = can
  }, [])
}

/** Tells the shell when a page that has loaded stays silent. */
function useSilence(shell: Shell): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  return useCallback(() => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => shell.input({ kind: 'silent' }), silentAfterMs)
  }, [shell])
}

function ignoreNoApp() {
  // No app on this phone opens such an address: nothing happens, as in a browser.
}
