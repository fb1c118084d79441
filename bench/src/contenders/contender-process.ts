import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { cpuOfTree } from '../measure/process-cpu.ts';
import type { ContenderOptions, Latency } from './contender.ts';
import type { Answer, Request } from './served-contender.ts';

export type ContenderName = 'signalbox' | 'dbos' | 'gw-1x5' | 'raw-sql';

/** A contender in a process of its own, so that none shares its event loop or its memory with another or with us. */
export interface ContenderProcess {
  /** Milliseconds until so many jobs were finished and stored. */
  runJobs(count: number): Promise<number>;
  measureLatencies(count: number): Promise<Latency[]>;
  storeLogLines(count: number): Promise<number>;
  /** CPU milliseconds of the contender's processes so far; undefined where that cannot be known. */
  cpuMs(): Promise<number | undefined>;
  close(): Promise<void>;
}

export async function openContender(name: ContenderName, options: ContenderOptions): Promise<ContenderProcess> {
  const child = fork(fileURLToPath(new URL(`${name}.ts`, import.meta.url)), {
    // What a peer's dependencies will change one day is none of our business here.
    execArgv: ['--no-deprecation'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`The contender ${name} ended by itself (${String(code ?? signal)}).`);
  });
  exited.catch(() => undefined);

  const ask = async (request: Request): Promise<Exclude<Answer, { kind: 'failed' }>> => {
    const answered = once(child, 'message');
    child.send(request);
    const [answer]: Answer[] = await Promise.race([answered, exited]);
    if (answer === undefined) throw new Error(`${name} gave no answer.`);
    if (answer.kind === 'failed') throw new Error(`${name} could not do "${request.kind}": ${answer.reason}`);
    return answer;
  };
  const timed = async (request: Request) => {
    const answer = await ask(request);
    if (answer.kind !== 'done') throw new Error(`${name} answered "${request.kind}" with "${answer.kind}".`);
    return answer.ms;
  };

  await timed({ kind: 'open', options });
  return {
    runJobs: (count) => timed({ kind: 'jobs', count }),
    storeLogLines: (count) => timed({ kind: 'log-lines', count }),
    async measureLatencies(count) {
      const answer = await ask({ kind: 'latencies', count });
      return answer.kind === 'latencies' ? answer.latencies : [];
    },
    cpuMs: async () => (child.pid === undefined ? undefined : cpuOfTree(child.pid)),
    async close() {
      await timed({ kind: 'close' });
      await exited.catch(() => undefined);
    },
  };
}
