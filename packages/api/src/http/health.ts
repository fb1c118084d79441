import type { ServerResponse } from 'node:http';
import type { Database } from '@signalbox/db/client';
import { sendJson } from './answer.ts';

const DATABASE_TIMEOUT_MS = 2_000;

/** The process lives and serves. */
export function answerHealth(response: ServerResponse): void {
  sendJson(response, 200, { status: 'ok' });
}

/** The database answers too; 503 while it does not. */
export async function answerReadiness(response: ServerResponse, db: Database): Promise<void> {
  const timeout = AbortSignal.timeout(DATABASE_TIMEOUT_MS);
  const silence = new Promise<never>((_resolve, reject) => {
    timeout.addEventListener('abort', () => reject(timeout.reason), { once: true });
  });
  try {
    await Promise.race([db.pool.query('SELECT 1'), silence]);
    sendJson(response, 200, { status: 'ok' });
  } catch {
    sendJson(response, 503, { status: 'unavailable', reason: 'The database does not answer.' });
  }
}
