import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// Two pages from one project: station.html, which an agent serves on loopback, and index.html, which the server
// serves. Everything is a file of its own (no inline script, style or font), because the pages' policy allows
// nothing else; paths are relative, so a page works wherever it is mounted.
export default defineConfig({
  base: './',
  plugins: [svelte()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: ['index.html', 'station.html'] },
  },
});
