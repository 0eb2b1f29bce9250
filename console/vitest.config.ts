import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  resolve: { conditions: ['browser'] }, // Svelte's client runtime, whose state the tests read
  test: { include: ['src/**/*.test.ts'], environment: 'node', testTimeout: 60_000 }, // a machine that also compiles is slow
});
