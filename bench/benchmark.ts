/** How large a benchmark runs. */
export interface BenchmarkOptions {
  /** Small sizes, to see that it runs; its numbers prove nothing. */
  readonly quick: boolean
  /** Progress, for the terminal; the report is returned. */
  readonly say: (line: string) => void
  /** `--name=value` of the command line. */
  readonly flags: ReadonlyMap<string, string>
}

/** One claim of ours, and how it is measured. */
export interface Benchmark {
  /** What to write after `npm run bench --`. */
  readonly name: string
  run(options: BenchmarkOptions): Promise<Report>
}

/** What was measured, whichever way it came out. */
export interface Report {
  readonly title: string
  /** What was done, a sentence each: enough to repeat it and to doubt it. */
  readonly method: readonly string[]
  readonly tables: readonly Table[]
  readonly targets: readonly Target[]
}

export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** What we want to reach, beside what came out. Nothing fails by it. */
export interface Target {
  readonly claim: string
  readonly measured: string
  readonly isReached: boolean
}
