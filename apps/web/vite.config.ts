import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { serviceWorker } from './vite-service-worker.ts'

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
