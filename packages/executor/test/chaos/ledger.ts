import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Database } from '@signalbox/db/client';

/** Side effects of steps, counted where no database can take them back. */
export interface Ledger {
  /** A request to `url/JOB/STEP` is one effect. */
  url: string;
  /** A line `JOB STEP ATTEMPT` is one effect. */
  file: string;
  forget(): Promise<void>;
  /** One line for each effect that is not what the attempts in the database say. */
  check(db: Database): Promise<string[]>;
  close(): Promise<void>;
}

interface NotedStep {
  jobId: string;
  key: string;
  type: string;
  status: string;
  attempts: number;
}

export async function openLedger(file: string): Promise<Ledger> {
  const requests = new Map<string, number>();
  const server = createServer((request, response) => {
    const effect = (request.url ?? '').slice(1);
    requests.set(effect, (requests.get(effect) ?? 0) + 1);
    response.end('noted');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await writeFile(file, '');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    file,
    async forget() {
      requests.clear();
      await writeFile(file, '');
    },
    async check(db) {
      const { rows } = await db.pool.query<NotedStep>(
        `SELECT job_id AS "jobId", key, type, status, attempt_number AS attempts FROM job_step
         WHERE type IN ('tool', 'command') AND NOT EXISTS (
           SELECT FROM job_step item WHERE item.job_id = job_step.job_id AND item.position > 0 AND item.index = job_step.index
             AND job_step.position = 0)`,
      );
      const lines = countLines(await readFile(file, 'utf8'));
      const doubled = [...lines].flatMap(([line, count]) =>
        count > 1 ? [`the attempt "${line}" ran ${count} times`] : [],
      );
      return [...doubled, ...rows.flatMap((step) => explain(step, requests, lines))];
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An attempt has its effect once, or not at all when it was ended before; the one that completed has it. */
function explain(step: NotedStep, requests: ReadonlyMap<string, number>, lines: ReadonlyMap<string, number>): string[] {
  const { attempts, jobId, key, status, type } = step;
  const completed = status === 'COMPLETED';
  const what = `step "${key}" of job ${jobId}, ${status} after ${attempts} attempts,`;
  if (type === 'tool') {
    const count = requests.get(`${jobId}/${encodeURIComponent(key)}`) ?? 0;
    const right = count <= attempts && (count > 0 || !completed);
    return right ? [] : [`${what} had its effect ${count} times`];
  }
  if (!completed || lines.has(`${jobId} ${key} ${attempts}`)) return [];
  return [`${what} had no effect in the attempt that completed`];
}

function countLines(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) if (line) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}
