import { source } from 'axe-core'
import type { Page } from 'puppeteer-core'
import { appearances, lookAs } from './appearances.ts'

/** Every rule of axe, its best practices too; what each finding is about, in one line. */
const RUN = `axe.run(document).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 160) + ' ' + failureSummary)))`

/** What axe-core finds on the page as it is now, on a desktop and a phone, light and dark. */
export async function axeFindings(page: Page): Promise<string[]> {
  // By the debugger, which the page's policy against inline scripts does not bind.
  await page.evaluate(source)
  const all: string[] = []
  for (const look of appearances) {
    await lookAs(page, look)
    const found: unknown = await page.evaluate(RUN)
    if (!Array.isArray(found)) throw new TypeError(`axe answered ${typeof found}`)
    all.push(...found.map((line: unknown) => `${look.form}, ${look.scheme}: ${String(line)}`))
  }
  return all
}
