import { useState } from 'react'
import { Text, TextInput, View } from 'react-native'
import { addressWords } from '../server-address/address-words.ts'
import type { AddressCheck } from '../server-address/check-address.ts'
import { readAddress } from '../server-address/read-address.ts'
import { Button } from './button.tsx'
import { Door } from './door.tsx'
import { space, type, useTheme } from './theme.ts'

export interface AddressScreenProps {
  /** What the field begins with. */
  readonly suggestion: string
  readonly allowsPrivateHttp: boolean
  readonly check: (origin: string) => Promise<AddressCheck>
  readonly onFound: (origin: string) => void
  /** Back to the server that is set; absent at the first start. */
  readonly onCancel?: () => void
}

/** Asks for the server's address, once. */
export function AddressScreen(props: AddressScreenProps) {
  const { suggestion, allowsPrivateHttp, check, onFound, onCancel } = props
  const theme = useTheme()
  const [text, setText] = useState(suggestion)
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)

  async function submit() {
    const reading = readAddress(text, { allowsPrivateHttp })
    setProblem(addressWords(reading))
    if (reading.kind === 'wrong') return
    setBusy(true)
    const found = await check(reading.origin)
    setBusy(false)
    setProblem(addressWords(found))
    if (found.kind === 'found') onFound(reading.origin)
  }

  return (
    <Door title="Belfry rings people." text="Which server do you use?">
      <View style={{ gap: space.s8 }}>
        <Text style={[type.text, { fontWeight: '500', color: theme.ink }]}>Server</Text>
        <TextInput
          accessibilityLabel="Server"
          autoCapitalize="none"
          autoComplete="url"
          autoCorrect={false}
          inputMode="url"
          onChangeText={setText}
          onSubmitEditing={() => void submit()}
          placeholder="chat.example.org"
          placeholderTextColor={theme.ink3}
          returnKeyType="go"
          style={[
            type.field,
            {
              minHeight: 44,
              paddingHorizontal: space.s12,
              borderWidth: 1,
              borderRadius: 6,
              borderColor: problem === undefined ? theme.edge : theme.red,
              backgroundColor: theme.raised,
              color: theme.ink,
            },
          ]}
          value={text}
        />
        <Text accessibilityLiveRegion="polite" style={[type.small, { color: theme.red }]}>
          {problem ?? ''}
        </Text>
      </View>
      <Button
        isMain
        isBusy={isBusy}
        label={isBusy ? 'Looking for it…' : 'Continue'}
        onPress={() => void submit()}
      />
      {onCancel === undefined ? null : <Button label="Cancel" onPress={onCancel} />}
    </Door>
  )
}
