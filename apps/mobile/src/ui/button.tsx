import { Pressable, Text } from 'react-native'
import { space, type, useTheme } from './theme.ts'

export interface ButtonProps {
  readonly label: string
  readonly onPress: () => void
  /** The one thing to do; without it, the other thing. */
  readonly isMain?: boolean
  /** Still at it: the label says so, a press does nothing. */
  readonly isBusy?: boolean
}

export function Button({ label, onPress, isMain = false, isBusy = false }: ButtonProps) {
  const theme = useTheme()
  return (
    <Pressable
      accessibilityRole="button"
      accessibilityState={{ busy: isBusy, disabled: isBusy }}
      onPress={isBusy ? undefined : onPress}
      style={({ pressed }) => ({
        minHeight: 44,
        paddingHorizontal: space.s16,
        borderRadius: 6,
        alignItems: 'center',
        justifyContent: 'center',
        backgroundColor: isMain ? theme.ink : 'transparent',
        borderWidth: isMain ? 0 : 1,
        borderColor: theme.edge,
        transform: [{ translateY: pressed ? 1 : 0 }],
      })}
    >
      <Text style={[type.text, { fontWeight: '500', color: isMain ? theme.paper : theme.ink }]}>
        {label}
      </Text>
    </Pressable>
  )
}
