import { setTimeout as pause } from 'node:timers/promises';
import type { Contender, ContenderOptions, Latency, OpenContender } from './contender.ts';

/** What the benchmark asks of a contender in its own process; each request is answered before the next is sent. */
export type Request =
  | { kind: 'open'; options: ContenderOptions }
  | { kind: 'jobs' | 'latencies' | 'log-lines'; count: number }
  | { kind: 'close' };

export type Answer =
  | { kind: 'done'; ms: number }
  | { kind: 'latencies'; latencies: Latency[] }
  | { kind: 'failed'; reason: string };

/** Between two jobs of a latency measurement, so that each meets a system at rest. */
const REST_MS = 20;

/** Answers the requests of the process that forked this one, until it asks to close. */
export function serveContender(open: OpenContender): void {
  let contender: Contender | undefined;

  const answer = async (request: Request): Promise<Answer> => {
    const began = performance.now();
    if (request.kind === 'open') contender = await open(request.options);
    else if (!contender) throw new Error('The contender was not opened.');
    else if (request.kind === 'jobs') await contender.runJobs(request.count);
    else if (request.kind === 'latencies')
      return { kind: 'latencies', latencies: await measure(contender, request.count) };
    else if (request.kind === 'close') await contender.close();
    else if (contender.storeLogLines) return { kind: 'done', ms: await contender.storeLogLines(request.count) };
    else throw new Error('This contender stores no log lines.');
    return { kind: 'done', ms: performance.now() - began };
  };

  process.on('message', (request: Request) => {
    answer(request)
      .catch(
        (error: unknown): Answer => ({
          kind: 'failed',
          reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
        }),
      )
      .then((reply) => process.send?.(reply, undefined, {}, () => request.kind === 'close' && process.exit()))
      .catch(() => process.exit(1));
  });
  // Whoever asked is gone.
  process.on('disconnect', () => process.exit(1));
}

async function measure(contender: Contender, count: number): Promise<Latency[]> {
  const latencies: Latency[] = [];
  while (latencies.length < count) {
    latencies.push(await contender.runOne());
    await pause(REST_MS);
  }
  return latencies;
}
