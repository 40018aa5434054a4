import { useColorScheme } from 'react-native'

/** The page's colors (`apps/web/src/ui/styles/tokens.css`), for the screens that stand before it. */
export interface Theme {
  readonly isDark: boolean
  readonly paper: string
  readonly raised: string
  readonly ink: string
  readonly ink2: string
  readonly ink3: string
  readonly edge: string
  readonly red: string
  readonly focus: string
}

const light: Theme = {
  isDark: false,
  paper: '#fbfbfa',
  raised: '#ffffff',
  ink: '#14171d',
  ink2: '#484e55',
  ink3: '#5f656d',
  edge: '#7f848a',
  red: '#aa2b24',
  focus: '#1862c5',
}

const dark: Theme = {
  isDark: true,
  paper: '#101418',
  raised: '#1c2127',
  ink: '#e7eaed',
  ink2: '#b2b6bc',
  ink3: '#90969d',
  edge: '#71767e',
  red: '#f38d84',
  focus: '#83b3fa',
}

export function useTheme(): Theme {
  return useColorScheme() === 'dark' ? dark : light
}

/** A 4 px grid. */
export const space = { s4: 4, s8: 8, s12: 12, s16: 16, s24: 24, s32: 32, s48: 48 } as const

export const type = {
  small: { fontSize: 13, lineHeight: 20 },
  text: { fontSize: 15, lineHeight: 22 },
  field: { fontSize: 17, lineHeight: 24 },
  title: { fontSize: 28, lineHeight: 36, letterSpacing: -0.6, fontWeight: '600' },
} as const
