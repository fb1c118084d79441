import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { requestCancel } from '@signalbox/db/cancel';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { SignalSender } from '@signalbox/db/signals';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasControlGroups } from '../src/control-groups.ts';
import { killProcesses } from '../src/process-group.ts';
import { isAlive } from './processes.ts';
import { openStage, type Stage, until } from './stage.ts';

let stage: Stage;
let signals: SignalSender;
beforeAll(async () => {
  stage = await openStage();
  signals = new SignalSender(stage.url);
  await stage.startExecutor();
});
afterAll(async () => {
  await signals.close();
  await stage.close();
});

const read = async (name: string) => {
  const text = await until(
    `${name} is written`,
    () => readFile(path.join(stage.folder, name), 'utf8').catch(() => ''),
    (written) => written.endsWith('\n'),
  );
  return Number(text);
};

describe('a program that left the group', () => {
  test('for a session of its own, twice over, is found by its mark and ended with the step', async () => {
    const file = path.join(stage.folder, 'daemon');
    // The usual way to become a daemon: a child in a new session, whose child loses its parent.
    const daemon = `setsid sh -c 'sh -c "trap \\"\\" TERM HUP; echo \\$\\$ > ${file}; while :; do sleep 0.1; done" >/dev/null 2>&1 & exit 0' &`;
    const id = await stage.queue([
      { key: 'a', type: 'command', with: { run: `${daemon} while [ ! -s ${file} ]; do sleep 0.02; done` } },
    ]);
    expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED' });
    expect(isAlive(await read('daemon'))).toBe(false);
  });

  test('and took off its mark cannot hold up the step by its pipe, silent or not', async () => {
    const silent = path.join(stage.folder, 'silent');
    const loud = path.join(stage.folder, 'loud');
    const getAway = (file: string, then: string) =>
      `setsid env -i PATH="$PATH" sh -c 'trap "" PIPE; echo $$ > ${file}; ${then}' & while [ ! -s ${file} ]; do sleep 0.02; done; echo done`;
    const jobs = await Promise.all([
      stage.queue([{ key: 'a', type: 'command', with: { run: getAway(silent, 'sleep 60; true') } }]),
      stage.queue([
        { key: 'a', type: 'command', with: { run: getAway(loud, 'while :; do echo on; sleep 0.1; done') } },
      ]),
    ]);
    const escaped = [await read('silent'), await read('loud')];
    try {
      for (const id of jobs) {
        const job = await stage.settled(id);
        expect(job).toMatchObject({ status: 'COMPLETED' });
        expect(job.step('a').output).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('done') });
      }
      // Where Linux lets the executor make control groups, nothing gets out of them.
      expect(escaped.map(isAlive)).toEqual(escaped.map(() => !hasControlGroups()));
    } finally {
      killProcesses(escaped);
    }
  });

  test('does not hold up a cancel either', async () => {
    const file = path.join(stage.folder, 'cancelled');
    const run = `setsid env -i PATH="$PATH" sh -c 'echo $$ > ${file}; while :; do echo on; sleep 0.1; done' & sleep 100`;
    const id = await stage.queue([{ key: 'a', type: 'command', with: { run } }]);
    const escaped = await read('cancelled');
    try {
      await requestCancel(stage.db, DEFAULT_TENANT_ID, id, true);
      signals.send('control', id);
      expect(await stage.settled(id)).toMatchObject({ status: 'CANCELLED' });
      expect(isAlive(escaped)).toBe(!hasControlGroups());
    } finally {
      killProcesses([escaped]);
    }
  });
});
