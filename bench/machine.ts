import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Table } from './benchmark.ts'
import { textIn } from './field.ts'

/** What the numbers were measured on and with. */
export function describeMachine(): Table {
  const model = cpus()[0]?.model.trim() ?? 'unknown'
  return {
    columns: ['what', 'value'],
    rows: [
      ['processor', `${model}, ${availableParallelism()} usable`],
      ['memory', `${Math.round(totalmem() / 2 ** 30)} GiB`],
      ['system', `${platform()} ${release()} ${arch()}`],
      [
        'load when it began (1, 5, 15 min)',
        loadavg()
          .map((load) => load.toFixed(1))
          .join(', '),
      ],
      ['Node', process.version],
      ['OpenSSL', process.versions.openssl],
      ['SQLite', process.versions.sqlite ?? 'unknown'],
      ['undici', versionOf('undici', '../packages/web-push/package.json')],
      ['web-push (npm)', versionOf('web-push', './package.json')],
    ],
  }
}

/** As the package at that path would load it. */
function versionOf(name: string, from: string): string {
  const path = createRequire(join(import.meta.dirname, from)).resolve(`${name}/package.json`)
  return textIn(JSON.parse(readFileSync(path, 'utf8')), 'version')
}
