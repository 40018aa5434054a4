/** What a command may touch of the process around it. */
export interface Surroundings {
  /** Read when a command needs it: `.env` is of no concern to `--help`. */
  readonly environment: () => Readonly<Record<string, string | undefined>>
  /** Root of the repository. */
  readonly root: string
  readonly say: (line: string) => void
  /** To standard error. */
  readonly complain: (line: string) => void
  /** Registers what SIGINT and SIGTERM do. */
  readonly onSignal: (stop: () => void) => void
  readonly exit: (code: number) => void
  readonly isTerminal: boolean
}
