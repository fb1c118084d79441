import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClaimedJob } from '../src/executions.ts';
import { newId } from '../src/ids.ts';
import { readLogGrowth } from '../src/log-growth.ts';
import { appendLogLines } from '../src/logs.ts';
import { createFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

async function jobWith(messages: string[]): Promise<ClaimedJob> {
  const job = await fixture.newClaimedJob();
  const { epoch, id: jobId } = job;
  const line = { jobId, epoch, at: new Date(), level: 'INFO', stream: 'STDOUT', stepKey: 'first', attempt: 1 } as const;
  if (messages.length > 0)
    await appendLogLines(
      fixture.db,
      messages.map((message) => ({ ...line, message })),
    );
  return job;
}

test('each log gives what lies behind its own place, in order and up to the limit, with how far it reaches', async () => {
  const long = await jobWith(['a', 'b', 'c', 'd', 'e']);
  const read = await jobWith(['x', 'y']);
  const empty = await jobWith([]);
  const gone = newId();
  const places = [
    { jobId: long.id, seq: 1 },
    { jobId: read.id, seq: 2 },
    { jobId: empty.id, seq: 0 },
    { jobId: gone, seq: 0 },
  ];
  const grown = await readLogGrowth(fixture.db, places, 3);
  expect(grown.get(long.id)).toMatchObject({ lastSeq: 5, status: 'RUNNING' });
  expect(grown.get(long.id)?.lines.map(({ message, seq }) => `${seq} ${message}`)).toEqual(['2 b', '3 c', '4 d']);
  expect(grown.get(long.id)?.lines[0]).toMatchObject({ level: 'INFO', stream: 'STDOUT', stepKey: 'first', attempt: 1 });
  expect(grown.get(read.id)).toMatchObject({ lastSeq: 2, lines: [] });
  expect(grown.get(empty.id)).toMatchObject({ lastSeq: 0, lines: [] });
  expect(grown.has(gone)).toBe(false);
});

test('very long lines make a piece end early, though never empty', async () => {
  const { id: jobId } = await jobWith(Array.from({ length: 12 }, () => 'x'.repeat(256 * 1_024)));
  const seqs: number[][] = [];
  for (let seq = 0; seq < 12; seq = seqs.at(-1)?.at(-1) ?? 12) {
    const lines = (await readLogGrowth(fixture.db, [{ jobId, seq }], 500)).get(jobId)?.lines ?? [];
    seqs.push(lines.map((line) => line.seq));
  }
  expect(seqs).toEqual([
    [1, 2, 3, 4, 5, 6, 7, 8],
    [9, 10, 11, 12],
  ]);
});
