import type { Report, Table } from './benchmark.ts'

/** A report as Markdown: method, tables, then each target with whether it was reached. */
export function toMarkdown(report: Report): string {
  const targets: Table = {
    columns: ['target', 'measured', 'reached'],
    rows: report.targets.map(({ claim, measured, isReached }) => [
      claim,
      measured,
      isReached ? 'yes' : '**no**',
    ]),
  }
  return [
    `## ${report.title}`,
    report.method.map((sentence) => `- ${sentence}`).join('\n'),
    ...report.tables.map(toTable),
    ...(report.targets.length > 0 ? [toTable(targets)] : []),
  ].join('\n\n')
}

function toTable({ columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')
}
