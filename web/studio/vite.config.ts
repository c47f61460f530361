import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import pages from './pages.json' with { type: 'json' };

/** The list of pages goes with the build: the server answers these addresses with the app, and knows that others are none. */
const listPages: Plugin = {
  name: 'list-pages',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'pages.json', source: JSON.stringify(pages) });
  },
};

export default defineConfig({
  plugins: [react(), tailwind(), listPages],
  // No inlined assets: the page's policy allows scripts and styles from our own address only.
  build: { assetsInlineLimit: 0, sourcemap: false, target: 'es2023' },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/dev', '/docs', '/openapi.json', '/health'].map((path) => [path, 'http://localhost:8000']),
    ),
  },
});
