import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { ChildOutput } from '../src/child-output.ts';

test('what a program wrote is read whole, also when nothing here ran for longer than a pipe may be silent', async () => {
  const lines: string[] = [];
  // The shell is gone long before the pipe is closed, as when its end is seen and its output is not yet.
  const child = spawn('sh', ['-c', '(sleep 0.3; echo late) & exit 0'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const output = new ChildOutput(child.stdout, { line: (line) => lines.push(line), room: () => undefined });
  await once(child, 'exit');
  const finished = output.finish();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
  await finished;
  expect(lines).toEqual(['late']);
});
