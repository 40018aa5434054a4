import { spawn } from 'node:child_process'

/** Watch mode: the server restarts on a change, vite serves the app on its own port and proxies the API. */
const children = [
  spawn('node', ['--watch', 'server/src/main.ts', 'start'], { stdio: 'inherit' }),
  spawn('vite', { stdio: 'inherit', cwd: 'apps/web' }),
]
const stop = () => {
  for (const child of children) child.kill('SIGTERM')
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)
for (const child of children) child.once('exit', stop)
