/**
 * Runs a program of ours with DATABASE_URL naming a migrated database that is gone afterwards: for campaigns that need a whole
 * PostgreSQL and no test runner.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { migrate } from '@signalbox/db/migrate';
import { startTemporaryPostgres } from './embedded-postgres.ts';

const [program = '', ...given] = process.argv.slice(2);

const server = await startTemporaryPostgres();
let code: number | null = null;
try {
  await migrate(server.adminUrl);
  const env = { ...process.env, DATABASE_URL: server.adminUrl };
  const child = spawn(process.execPath, [program, ...given], { stdio: 'inherit', env });
  [code] = await once(child, 'exit');
} finally {
  await server.stop();
}
process.exit(code ?? 1);
