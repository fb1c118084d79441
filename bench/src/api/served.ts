/** A program of the benchmark in a process of its own, which is asked for one thing after the other. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Program<Request, Answer> {
  pid: number;
  ask(request: Request): Promise<Answer>;
  stop(): Promise<void>;
}

/** @param file beside this one */
export function openProgram<Request extends object, Answer>(
  file: string,
  execArgv: string[] = [],
): Program<Request, Answer> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), { execArgv: ['--no-deprecation', ...execArgv] });
  const exited = once(child, 'exit');
  const ended = exited.then(([code, signal]) => Promise.reject(new Error(`${file} ended (${String(code ?? signal)})`)));
  ended.catch(() => undefined);
  return {
    pid: child.pid ?? -1,
    async ask(request) {
      const answered = once(child, 'message');
      child.send(request);
      const [answer] = (await Promise.race([answered, ended])) as [{ value: Answer } | { problem: string }];
      if ('problem' in answer) throw new Error(`${file}: ${answer.problem}`);
      return answer.value;
    },
    async stop() {
      child.kill();
      await exited;
    },
  };
}

/** The other end: answers each request before the next comes. */
export function serveProgram<Request, Answer>(answer: (request: Request) => Promise<Answer>): void {
  process.on('message', (request: Request) => {
    answer(request).then(
      (value) => process.send?.({ value }),
      (error: unknown) => process.send?.({ problem: error instanceof Error ? error.stack : String(error) }),
    );
  });
  process.on('disconnect', () => process.exit(1));
}
