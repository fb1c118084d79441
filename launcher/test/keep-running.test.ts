import { EventEmitter, once } from 'node:events';
import { expect, test } from 'vitest';
import { type KeepRunningOptions, keepRunning } from '../src/keep-running.ts';
import { startService } from '../src/service.ts';
import type { StartError } from '../src/start-error.ts';

/** Keeps `node -e program` running and tells of everything that happens by events. */
function keep(program: string, overrides: Partial<KeepRunningOptions> = {}) {
  const events = new EventEmitter();
  const lines: string[] = [];
  const plan = {
    name: 'service',
    nodeArguments: ['-e', program],
    env: process.env,
    announcesReadiness: true,
    output: 'raw' as const,
  };
  const kept = keepRunning({
    name: 'service',
    start: () => startService(plan, () => events.emit('ready')),
    onHopeless: (error) => events.emit('hopeless', error),
    report: (line) => {
      lines.push(line);
      events.emit('line', line);
    },
    ...overrides,
  });
  return { kept, events, lines };
}

const WORKS_UNTIL_TERM = `process.send({ type: 'ready' }); setInterval(() => {}, 1000); process.on('SIGTERM', () => process.exit(0))`;
const IGNORES_TERM = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); process.send({ type: 'ready' })`;

test('a process that ends is started again, and told so with its exit code', async () => {
  const { kept, events } = keep(`process.send({ type: 'ready' }, () => process.exit(3))`);
  const [line] = await once(events, 'line');
  expect(line).toBe('the service ended with code 3; starting it again in 0.25 s');
  await once(events, 'ready');
  await kept.stop(5000);
});

test('a process that was killed is started again', async () => {
  const { kept, events, lines } = keep(
    `process.send({ type: 'ready' }, () => process.kill(process.pid, 'SIGKILL')); setInterval(() => {}, 1000)`,
  );
  await once(events, 'ready');
  await once(events, 'ready');
  expect(lines[0]).toContain('was ended by SIGKILL');
  await kept.stop(5000);
});

test('a program that cannot be started is tried again', async () => {
  const { kept, events } = keep('', { start: () => Promise.reject(new Error('no such program')) });
  const [line] = await once(events, 'line');
  expect(line).toBe('the service could not be started: no such program; starting it again in 0.25 s');
  await kept.stop(5000);
});

test('a process that says its settings are wrong is not started again', async () => {
  const { kept, events, lines } = keep('process.exit(78)');
  const [error] = (await once(events, 'hopeless')) as [StartError];
  expect(error.exitCode).toBe(78);
  expect(lines).toEqual([]);
  await kept.stop(5000);
});

test('a stop ends the process in good order and does not start it again', async () => {
  const { kept, events, lines } = keep(WORKS_UNTIL_TERM);
  await once(events, 'ready');
  await kept.stop(5000);
  expect(lines).toEqual([]);
});

test('a process that does not stop in time is ended', async () => {
  const { kept, events, lines } = keep(IGNORES_TERM);
  await once(events, 'ready');
  await kept.stop(100);
  expect(lines).toEqual(['the service did not stop within 0.1 s and is ended now']);
});

test('a process that is to end at once is not started again, though no stop came before', async () => {
  const { kept, events, lines } = keep(IGNORES_TERM);
  await once(events, 'ready');
  kept.kill();
  await kept.stop(5000);
  expect(lines).toEqual([]);
});

test('a stop while it waits to start again ends the waiting', async () => {
  const starts: number[] = [];
  const { kept, events } = keep('', {
    start() {
      starts.push(performance.now());
      return Promise.reject(new Error('not now'));
    },
  });
  await once(events, 'line');
  await kept.stop(5000);
  expect(starts).toHaveLength(1);
});
