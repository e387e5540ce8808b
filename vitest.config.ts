import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { aludel: new URL('./src/index.ts', import.meta.url).pathname } },
  test: {
    include: ['test/**/*.test.ts'],
    // Two cores: process races and real databases need room, so fewer workers than vitest would take.
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
