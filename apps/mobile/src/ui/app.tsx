import Constants from 'expo-constants'
import { StatusBar } from 'expo-status-bar'
import { useCallback, useState } from 'react'
import { View } from 'react-native'
import type { Parts } from '../native/parts.ts'
import { saveFile } from '../native/save-file.ts'
import { checkAddress } from '../server-address/check-address.ts'
import { screenOf } from '../shell/screen-of.ts'
import { createShell } from '../shell/shell.ts'
import { AddressScreen } from './address-screen.tsx'
import { PageScreen } from './page-screen.tsx'
import { PrimerScreen } from './primer-screen.tsx'
import { useTheme } from './theme.ts'
import { useOpenings } from './use-openings.ts'
import { usePageMessages } from './use-page-messages.ts'
import { usePush } from './use-push.ts'
import { useSettings } from './use-settings.ts'

export interface AppProps {
  readonly parts: Parts
}

/** The app: the question for the server, the question for permission, then the server's page. */
export function App({ parts }: AppProps) {
  const theme = useTheme()
  const [shell] = useState(createShell)
  const [isChanging, setChanging] = useState(false)
  const stored = useSettings(parts.settings)
  const { origin } = stored
  const push = usePush(parts, shell)
  useOpenings(parts, shell, origin)

  const setListens = useCallback((listens: boolean) => parts.setPageListens(listens), [parts])
  const changeServer = useCallback(() => setChanging(true), [])
  const download = useCallback(
    (url: string, name: string) => {
      if (origin !== undefined) void saveFile({ origin, url, name }).catch(leaveIt)
    },
    [origin],
  )

  const onMessage = usePageMessages({ parts, push, download, changeServer })
  const { isRead, isPrimed } = stored
  const isReady = isRead && push.isKnown
  const screen = screenOf({ isRead: isReady, origin, permission: push.permission, isPrimed })
  return (
    <View style={{ flex: 1, backgroundColor: theme.paper }}>
      <StatusBar style="auto" />
      {screen === 'address' || (isChanging && screen !== 'starting') ? (
        <AddressScreen
          suggestion={origin ?? suggestedServer()}
          allowsPrivateHttp={__DEV__}
          check={(at) => checkAddress(at, (url) => fetch(url))}
          onFound={(found) => {
            if (found !== origin) parts.leaveServer()
            stored.setOrigin(found)
            setChanging(false)
          }}
          {...(origin === undefined ? {} : { onCancel: () => setChanging(false) })}
        />
      ) : null}
      {screen === 'primer' && !isChanging ? (
        <PrimerScreen
          onAsk={() => void push.ask().then(stored.setPrimed)}
          onLater={stored.setPrimed}
        />
      ) : null}
      {screen === 'page' && !isChanging && origin !== undefined ? (
        <PageScreen
          key={origin}
          origin={origin}
          shell={shell}
          onMessage={onMessage}
          onDownload={download}
          onListens={setListens}
          onChangeServer={changeServer}
        />
      ) : null}
    </View>
  )
}

/** Set when the app was built for one server: `BELFRY_SERVER_URL`. */
function suggestedServer(): string {
  const { extra } = Constants.expoConfig ?? {}
  return typeof extra?.serverUrl === 'string' ? extra.serverUrl : ''
}

function leaveIt() {
  // Not downloaded or not shared: the page's own link still works in a browser.
}
