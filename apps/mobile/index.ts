import { registerRootComponent } from 'expo'
import { createElement } from 'react'
import { SafeAreaProvider } from 'react-native-safe-area-context'
import { defineBackgroundTask } from './src/native/background-task.ts'
import { phoneParts } from './src/native/parts.ts'
import { handleForeground } from './src/native/prepare-notifications.ts'
import { App } from './src/ui/app.tsx'

// For a push in the background the system runs this file and no screen: everything that handles one
// is in place before it ends.
const parts = phoneParts()
defineBackgroundTask(parts)
handleForeground(parts)
registerRootComponent(() => createElement(SafeAreaProvider, null, createElement(App, { parts })))
