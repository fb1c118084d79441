import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { withDefaults } from './config-defaults.ts';
import type { LogLevel, StepContext } from './context.ts';
import { StepFailure } from './failure.ts';
import { provideHost } from './host.ts';
import type { Masking } from './masking.ts';
import type { ProcessGroups, Stream } from './process-groups.ts';
import { processGroups } from './process-groups.ts';
import type { RunOptions, StepRun } from './step-run.ts';
import type { StepType } from './step-type.ts';
import { refuseWhenStopped } from './stop.ts';
import { testMetering } from './test-metering.ts';

const JOB_ID = '00000000-0000-7000-8000-00000000000a';
const STEP_KEY = 'step';

/** Where a test run takes place and what becomes of it. */
export interface TestStage<Output> {
  folder: string;
  signal: AbortSignal;
  masking: Masking;
  record: StepRun<Output>;
}

/** The context of one test run, and the programs that it started. */
export function testContext<C, O>(
  stepType: StepType<C, O>,
  options: RunOptions<C>,
  stage: TestStage<O>,
): { ctx: StepContext<C>; groups: ProcessGroups } {
  const { folder, signal, masking, record } = stage;
  const number = options.attempt ?? 1;
  const idempotencyKey = `${JOB_ID}:${STEP_KEY}:${number}`;

  let stream: Stream = 'STDOUT';
  const log = (level: LogLevel, message: string) => {
    for (const text of masking.text(message).split('\n')) {
      const line = { level, stream, message: text };
      record.lines.push(line);
      options.onLine?.(line);
    }
  };
  const groups = processGroups({
    folder,
    environment: {
      SIGNALBOX_JOB_ID: JOB_ID,
      SIGNALBOX_STEP_KEY: STEP_KEY,
      SIGNALBOX_ATTEMPT: String(number),
      SIGNALBOX_IDEMPOTENCY_KEY: idempotencyKey,
    },
    onLine(line, from, reader) {
      stream = from;
      try {
        if (reader) reader(line, from);
        else log('INFO', line);
      } finally {
        stream = 'STDOUT';
      }
    },
  });

  const ctx: StepContext<C> = {
    config: withDefaults(stepType.config, { ...options.config }) as C,
    job: { id: JOB_ID, workflow: 'test', version: 1, input: options.input ?? {}, labels: [] },
    step: { key: STEP_KEY, type: stepType.type },
    attempt: { number, idempotencyKey },
    signal,
    log,
    progress(percent, note) {
      record.progress.push(note === undefined ? { percent } : { percent, note: masking.text(note) });
    },
    async checkpoint() {
      refuseWhenStopped(signal);
    },
    async spawn(program, args, spawnOptions) {
      refuseWhenStopped(signal);
      return groups.spawn(program, args, spawnOptions);
    },
    async artifact(name, content, contentType) {
      const isFile = typeof content === 'object' && 'path' in content;
      const bytes = Buffer.from(isFile ? await readFile(resolve(folder, content.path)) : content);
      record.artifacts.push(
        contentType === undefined ? { name, content: bytes } : { name, content: bytes, contentType },
      );
      const id = `artifact-${record.artifacts.length}`;
      return { id, url: `/artifacts/${id}` };
    },
    cost: (entry) => record.costs.push(entry),
    ...testMetering(record, options.budget),
    secret(name) {
      const value = options.secrets?.[name];
      if (value === undefined) throw new StepFailure(`The secret ${name} is not set.`, { category: 'CONFIGURATION' });
      masking.hide(value);
      return value;
    },
  };
  const noServers = () => {
    throw new StepFailure('A test has no MCP servers.', { category: 'CONFIGURATION' });
  };
  provideHost(ctx, {
    folder: async () => folder,
    setting: (name) => options.secrets?.[name],
    servers: { names: [], list: noServers, call: noServers },
  });
  if (options.resume) ctx.resume = options.resume;
  return { ctx, groups };
}
