import type { ReactNode } from 'react'
import { Image, KeyboardAvoidingView, ScrollView, StyleSheet, Text, View } from 'react-native'
import { useSafeAreaInsets } from 'react-native-safe-area-context'
import mark from '../../assets/mark.png'
import markDark from '../../assets/mark-dark.png'
import { space, type, useTheme } from './theme.ts'

export interface DoorProps {
  readonly title: string
  readonly text: string
  readonly children: ReactNode
  /** Stands small at the foot: the server's name. */
  readonly foot?: string
}

/** A screen of the app's own, laid out as the page's sign-in: the mark, a sentence, what to do. */
export function Door({ title, text, children, foot }: DoorProps) {
  const theme = useTheme()
  const insets = useSafeAreaInsets()
  const edges = {
    paddingTop: insets.top + space.s48,
    paddingBottom: insets.bottom + space.s24,
    paddingLeft: insets.left + space.s24,
    paddingRight: insets.right + space.s24,
  }
  return (
    <KeyboardAvoidingView
      behavior="padding"
      style={[styles.fill, { backgroundColor: theme.paper }]}
    >
      <ScrollView contentContainerStyle={[styles.page, edges]} keyboardShouldPersistTaps="handled">
        <View style={styles.column}>
          <Image source={theme.isDark ? markDark : mark} style={styles.mark} accessible={false} />
          <Text accessibilityRole="header" style={[type.title, styles.title, { color: theme.ink }]}>
            {title}
          </Text>
          <Text style={[type.text, { color: theme.ink2 }]}>{text}</Text>
          <View style={styles.todo}>{children}</View>
        </View>
        {foot === undefined ? null : (
          <Text style={[type.small, styles.foot, { color: theme.ink3 }]}>{foot}</Text>
        )}
      </ScrollView>
    </KeyboardAvoidingView>
  )
}

const styles = StyleSheet.create({
  fill: { flex: 1 },
  page: { flexGrow: 1, alignItems: 'center', justifyContent: 'space-between' },
  column: { width: '100%', maxWidth: 360 },
  mark: { width: 48, height: 48, marginLeft: -5 },
  title: { marginTop: space.s24, marginBottom: space.s4 },
  todo: { marginTop: space.s32, gap: space.s12 },
  foot: { marginTop: space.s24 },
})
