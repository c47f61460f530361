import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react(), tailwind()],
  // No inlined assets: the page's policy allows scripts and styles from our own address only.
  build: { assetsInlineLimit: 0, sourcemap: false, target: 'es2023' },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/dev', '/docs', '/openapi.json', '/health'].map((path) => [path, 'http://localhost:8000']),
    ),
  },
});
