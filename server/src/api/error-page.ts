import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from './app.ts'

const source = join(import.meta.dirname, '../../../docs/errors.md')

/** `/docs/errors`: where the `type` of every problem leads. Made from `docs/errors.md`, which stands beside the program. */
export function errorPage(app: App): void {
  if (!existsSync(source)) return
  const page = htmlOf(readFileSync(source, 'utf8'))
  app.get('/docs/errors', { schema: { hide: true } }, (_request, reply) =>
    reply.header('content-type', 'text/html; charset=utf-8').send(page),
  )
}

/** As much Markdown as that page uses: headings, paragraphs, lists, code. A heading that is a code is its anchor. */
function htmlOf(markdown: string): string {
  const blocks = markdown.split(/\n(?=\n|- )/).map((block) => block.trim())
  return [
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Errors · Belfry</title>',
    '<meta name="viewport" content="width=device-width">',
    '<body style="max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font-family: system-ui; line-height: 1.5">',
    ...blocks.flatMap((block) => block.split(/(?<=^#.*)\n/)).map(htmlOfBlock),
    '</body></html>',
  ].join('\n')
}

function htmlOfBlock(block: string): string {
  const [, marks = '', heading = ''] = /^(#+) (.*)$/.exec(block) ?? []
  if (marks !== '') {
    const level = marks.length
    const code = /^`([A-Z0-9_]+)`$/.exec(heading)?.[1]
    const anchor = code === undefined ? '' : ` id="${code.toLowerCase()}"`
    return `<h${level}${anchor}>${inline(heading)}</h${level}>`
  }
  if (block.startsWith('- ')) return `<ul><li>${inline(block.slice(2))}</li></ul>`
  return `<p>${inline(block)}</p>`
}

function inline(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/`([^`]+)`/g, '<code>$1</code>')
}
