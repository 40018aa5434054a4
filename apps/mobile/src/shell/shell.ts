import type { ShellMessage } from '../bridge/messages.ts'
import { startState, step, type ShellInput, type ShellState } from './shell-state.ts'

/** Carries out what the shell's state asks for. */
export interface ShellActions {
  tell(message: ShellMessage): void
  load(path: string): void
  /** Whether the page hears of things by itself from now on. */
  pageListens(listens: boolean): void
}

export interface Shell {
  input(input: ShellInput): void
  page(): ShellState['page']
  /** The page's screen has come or gone; nothing is told or loaded without one. */
  attach(actions: ShellActions | undefined): void
}

/** Holds the shell's state between inputs. Outlives the page's screen: a tap may come before it. */
export function createShell(): Shell {
  let state = startState
  let actions: ShellActions | undefined
  return {
    input(input) {
      const [next, effects] = step(state, input)
      if ((next.page === 'ready') !== (state.page === 'ready')) {
        actions?.pageListens(next.page === 'ready')
      }
      state = next
      for (const effect of effects) {
        if (effect.kind === 'tell') actions?.tell(effect.message)
        else actions?.load(effect.path)
      }
    },
    page: () => state.page,
    attach(to) {
      // What comes from here on waits for the next page.
      this.input({ kind: 'loads' })
      actions = to
      if (to !== undefined) this.input({ kind: 'mounts' })
    },
  }
}
