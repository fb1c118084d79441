import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['prisma', 'launcher', 'packages/*'],
    globalSetup: ['launcher/src/test-database.ts'],
    reporters: ['default', './launcher/src/plain-reporter.ts'],
    // Real processes and a real database on two cores: more workers only make each test slower.
    maxWorkers: 2,
  },
});
