import type { ReactNode } from 'react'
import { KeyboardAvoidingView, Platform, StyleSheet, View } from 'react-native'
import { useSafeAreaInsets } from 'react-native-safe-area-context'
import { useTheme } from './theme.ts'

export interface PageFrameProps {
  readonly children: ReactNode
  /** Covers everything, the phone's edges too. */
  readonly cover: ReactNode
}

/** Keeps the page clear of the phone's edges and of the keyboard. */
export function PageFrame({ children, cover }: PageFrameProps) {
  const theme = useTheme()
  const { top, bottom, left, right } = useSafeAreaInsets()
  const edges = { paddingTop: top, paddingBottom: bottom, paddingLeft: left, paddingRight: right }
  return (
    <View style={[styles.fill, { backgroundColor: theme.paper }]}>
      <KeyboardAvoidingView
        // iOS moves the page for the keyboard by itself.
        enabled={Platform.OS === 'android'}
        behavior="padding"
        style={styles.fill}
      >
        <View style={[styles.fill, edges]}>{children}</View>
      </KeyboardAvoidingView>
      {cover === null ? null : <View style={StyleSheet.absoluteFill}>{cover}</View>}
    </View>
  )
}

const styles = StyleSheet.create({ fill: { flex: 1 } })
