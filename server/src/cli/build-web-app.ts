import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What the built app is made of, from the repository's root. */
const sources = [
  'apps/web/{index.html,vite.config.ts,package.json}',
  'apps/web/{src,public}/**/*',
  'packages/{browser,service-worker,contracts}/src/**/*',
]

/**
 * Folder of the built web app; built first when it is missing or older than what it is made of.
 * A deployment without the sources serves what was built before. Rejects when it is broken off by `asked`.
 */
export async function buildWebApp(
  root: string,
  say: (line: string) => void,
  asked: AbortSignal,
): Promise<string | null> {
  const dist = join(root, 'apps/web/dist')
  const built = existsSync(join(dist, 'index.html'))
    ? statSync(join(dist, 'index.html')).mtimeMs
    : 0
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  if (!existsSync(vite)) return built > 0 ? dist : null
  const newest = globSync(sources, { cwd: root })
    .map((path) => statSync(join(root, path)))
    .reduce((latest, entry) => (entry.isFile() ? Math.max(latest, entry.mtimeMs) : latest), 0)
  if (built >= newest) return dist
  say('Building the web app…')
  const build = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'apps/web'),
    stdio: ['ignore', 'inherit', 'inherit'],
    signal: asked,
  })
  const [code]: unknown[] = await once(build, 'exit')
  if (code !== 0) throw new WebBuildError()
  return dist
}

/** The web app did not build; vite has said why. */
export class WebBuildError extends Error {
  readonly code = 'WEB_BUILD_FAILED'
  constructor() {
    super('The web app could not be built; the lines above say why.')
    this.name = 'WebBuildError'
  }
}
