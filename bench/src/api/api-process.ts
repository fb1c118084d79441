import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

export interface ApiProcess {
  url: string;
  port: number;
  pid: number;
  stop(): Promise<void>;
}

/** The API as it is started in production; with a folder, it leaves a CPU profile there. */
export async function startApi(databaseUrl: string, profileFolder?: string): Promise<ApiProcess> {
  const profiling = profileFolder ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`] : [];
  const child = spawn(process.execPath, [...profiling, fileURLToPath(import.meta.resolve('@signalbox/api/main'))], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: 'production',
      DATABASE_URL: databaseUrl,
      PORT: '0',
      SIGNALBOX_WORKFLOWS_DIR: tmpdir(),
    },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const exited = once(child, 'exit');
  const ended = exited.then(([code]) => Promise.reject(new Error(`The API ended with ${String(code)}`)));
  const [ready] = (await Promise.race([once(child, 'message'), ended])) as [{ url: string }];
  ended.catch(() => undefined);
  return {
    url: ready.url,
    port: Number(new URL(ready.url).port),
    pid: child.pid ?? -1,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
