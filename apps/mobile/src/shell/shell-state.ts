import type { PermissionState, ShellMessage, TokenTrouble } from '../bridge/messages.ts'

/**
 * The page in its WebView, and what it has to be told.
 *
 *   loading --asked--> ready          the page asked SHELL_READY? and hears everything from now on
 *   loading --silent--> silent        5 s after loading it has not asked: an older page, or none of ours
 *   ready, silent --loads--> loading  a new document; Android reports each step within a page as a load,
 *                                     so the document says it itself (`document-script.ts`)
 *   any --mounts--> loading           the page begins, or begins again after the system stopped it
 *
 * A path to open is where the page begins. Later it waits for `ready`, so that the page can go there
 * without loading again; a silent page is loaded at that address.
 */
export interface ShellState {
  readonly page: 'loading' | 'ready' | 'silent'
  readonly permission: PermissionState
  readonly trouble?: TokenTrouble
  readonly token?: Extract<ShellMessage, { type: 'EXPO_PUSH_TOKEN' }>
  readonly waiting: Partial<Opening>
}

export interface Opening {
  readonly path: string
  /** The session of a call that was answered by its button. */
  readonly answers?: string
}

export type ShellInput =
  | { readonly kind: 'mounts' | 'loads' | 'asked' | 'silent' }
  | { readonly kind: 'open'; readonly opening: Opening }
  | {
      readonly kind: 'push'
      readonly permission: PermissionState
      readonly trouble?: TokenTrouble
      readonly token?: Extract<ShellMessage, { type: 'EXPO_PUSH_TOKEN' }>
    }

export type ShellEffect =
  | { readonly kind: 'tell'; readonly message: ShellMessage }
  | { readonly kind: 'load'; readonly path: string }

export type ShellStep = readonly [state: ShellState, effects: readonly ShellEffect[]]

export const startState: ShellState = { page: 'loading', permission: 'undetermined', waiting: {} }

export function step(state: ShellState, input: ShellInput): ShellStep {
  switch (input.kind) {
    case 'mounts': {
      const { path = '/', ...waiting } = state.waiting
      return [{ ...state, page: 'loading', waiting }, [{ kind: 'load', path }]]
    }
    case 'loads':
      return [{ ...state, page: 'loading' }, []]
    case 'asked':
      return tellWaiting({ ...state, page: 'ready' }, tellPush(state))
    case 'silent':
      return state.page === 'loading' ? tellWaiting({ ...state, page: 'silent' }, []) : [state, []]
    case 'open':
      return tellWaiting({ ...state, waiting: input.opening }, [])
    case 'push': {
      const { permission, trouble, token } = input
      const next = {
        page: state.page,
        waiting: state.waiting,
        permission,
        ...(trouble === undefined ? {} : { trouble }),
        ...(token === undefined ? {} : { token }),
      }
      return [next, next.page === 'ready' ? tellPush(next) : []]
    }
  }
}

function tellPush({ permission, trouble, token }: ShellState): readonly ShellEffect[] {
  const said: ShellMessage = {
    v: 1,
    type: 'PERMISSION',
    state: permission,
    ...(trouble === undefined ? {} : { trouble }),
  }
  const effects: ShellEffect[] = [{ kind: 'tell', message: said }]
  return token === undefined ? effects : [...effects, { kind: 'tell', message: token }]
}

function tellWaiting(state: ShellState, before: readonly ShellEffect[]): ShellStep {
  const { page, waiting } = state
  if (page === 'loading') return [state, before]
  const { path, answers } = waiting
  if (page === 'silent') {
    if (path === undefined) return [state, before]
    return [{ ...state, page: 'loading', waiting: {} }, [...before, { kind: 'load', path }]]
  }
  const go: ShellEffect[] =
    path === undefined ? [] : [{ kind: 'tell', message: { v: 1, type: 'NAVIGATE', path } }]
  const answer: ShellEffect[] =
    answers === undefined
      ? []
      : [{ kind: 'tell', message: { v: 1, type: 'CALL_ACTION', id: answers, action: 'answer' } }]
  return [{ ...state, waiting: {} }, [...before, ...go, ...answer]]
}
