import { Linking } from 'react-native'
import type { PageMessage } from '../bridge/messages.ts'
import type { Parts } from '../native/parts.ts'
import type { Push } from './use-push.ts'

export interface PageMessagesOptions {
  readonly parts: Parts
  readonly push: Push
  readonly download: (url: string, fileName: string) => void
  readonly changeServer: () => void
}

/** Does what the page asks of the phone. */
export function usePageMessages(options: PageMessagesOptions): (message: PageMessage) => void {
  const { parts, push, download, changeServer } = options
  return (message) => {
    switch (message.type) {
      case 'SHELL_READY?':
        return
      case 'BADGE':
        void parts.push.setBadge(message.count)
        return
      case 'OPEN_SETTINGS':
        void (push.permission === 'undetermined' ? push.ask() : Linking.openSettings())
        return
      case 'DISMISS':
        parts.taker.took(message.id)
        void parts.phone.notifier.cancel(message.id)
        void parts.phone.notifier.dismiss(message.id)
        return
      case 'CHANGE_SERVER':
        changeServer()
        return
      case 'DOWNLOAD':
        download(message.url, message.fileName)
        return
      case 'SIGN_OUT':
        parts.leaveServer()
    }
  }
}
