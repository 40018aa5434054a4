import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build, defineConfig, type Plugin } from 'vite'

const entry = fileURLToPath(new URL('../../packages/service-worker/src/sw.ts', import.meta.url))

/** Where the development server finds the real one. */
const server = 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react(), serviceWorker()],
  build: {
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // Files only: the page's policy allows no data: fonts or scripts.
    assetsInlineLimit: 0,
  },
  server: {
    proxy: {
      '/api': server,
      '/realtime': { target: server, ws: true },
    },
  },
})

/**
 * `/sw.js`: one classic script without imports, because module workers are not everywhere.
 * Built beside the app into `dist/`; the development server builds it anew at each request.
 */
function serviceWorker(): Plugin {
  return {
    name: 'belfry-service-worker',
    configureServer(server) {
      server.middlewares.use('/sw.js', (_request, response, next) => {
        bundle({ minify: false }).then((code) => {
          response.setHeader('content-type', 'text/javascript')
          response.setHeader('cache-control', 'no-cache')
          response.end(code)
        }, next)
      })
    },
    async generateBundle() {
      const source = await bundle({ minify: true })
      this.emitFile({ type: 'asset', fileName: 'sw.js', source })
    },
  }
}

async function bundle({ minify }: { readonly minify: boolean }): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      minify,
      target: ['chrome111', 'firefox115', 'safari16.4'],
      rolldownOptions: { input: entry, output: { format: 'iife', entryFileNames: 'sw.js' } },
    },
  })
  const outputs = Array.isArray(built) ? built.flatMap(({ output }) => output) : []
  const output = 'output' in built ? built.output : outputs
  const [worker, ...others] = output.filter((each) => each.type === 'chunk')
  if (worker === undefined || others.length > 0) {
    throw new Error(`${entry} must build to one script, got ${output.length}`)
  }
  return worker.code
}
