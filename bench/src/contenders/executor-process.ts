import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../executor-main.ts', import.meta.url));

/** Of its service log, to be shown when it fails. */
const KEPT_TEXT = 4_000;

export interface ExecutorProcessOptions {
  databaseUrl: string;
  concurrency: number;
  /** For its working folders. */
  dataDir: string;
  profileFolder?: string;
}

/** Resolves when it is ready for jobs. */
export async function startExecutorProcess(options: ExecutorProcessOptions): Promise<{ stop(): Promise<void> }> {
  const { concurrency, databaseUrl, dataDir, profileFolder } = options;
  const profiling = profileFolder ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`] : [];
  const child = spawn(process.execPath, [...profiling, MAIN], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATABASE_URL: databaseUrl,
      SIGNALBOX_DATA_DIR: dataDir,
      SIGNALBOX_CONCURRENCY: String(concurrency),
      SIGNALBOX_WORKER_NAME: 'bench',
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-KEPT_TEXT);
  });
  const exited = once(child, 'exit');
  const ended = exited.then(([code]) =>
    Promise.reject(new Error(`The executor ended with ${String(code)} before it was ready: ${said}`)),
  );
  await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  return {
    async stop() {
      child.kill('SIGTERM');
      const [code] = await exited;
      if (code !== 0) throw new Error(`The executor ended with ${String(code)}: ${said}`);
    },
  };
}
