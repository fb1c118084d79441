import { insertArtifact } from '@signalbox/db/artifacts';
import { requestCancel } from '@signalbox/db/cancel';
import { beat, type ClaimedJob, claimJob, releaseJob } from '@signalbox/db/executions';
import { DEFAULT_TENANT_ID, newId } from '@signalbox/db/ids';
import { takeOverLostJobs } from '@signalbox/db/takeover';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ChangeWriter } from '../src/change-writer.ts';
import { LogWriter } from '../src/log-writer.ts';
import { openStage, type Stage } from './stage.ts';

const logger = pino({ level: 'silent' });
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

async function claim(jobId: string): Promise<ClaimedJob> {
  const job = await claimJob(stage.db, jobId, { workerId: newId(), workerName: 'test', leaseSeconds: 30 });
  if (!job) throw new Error('the job could not be claimed');
  return job;
}

const line = (message: string) => ({
  at: new Date(),
  level: 'INFO' as const,
  stream: 'STDOUT' as const,
  message,
  stepKey: 'a',
  attempt: 1,
});
const progress = { completedSteps: 0, currentStepKey: 'a', stepPercent: 0 };

test('every late write of a worker that lost its job is refused, and changes nothing', async () => {
  const id = await stage.queue([{ key: 'a', type: 'test.echo' }]);
  const old = await claim(id);
  const [step] = old.steps;
  if (!step) throw new Error('no step');
  await stage.db.pool.query(`UPDATE execution SET lease_expires_at = now() - interval '1 second' WHERE job_id = $1`, [
    id,
  ]);
  await takeOverLostJobs(stage.db, 10);
  const heir = await claim(id);
  expect(heir.epoch).toBe(old.epoch + 1);

  const lost: string[] = [];
  const logs = new LogWriter(stage.db, logger, { onStored: () => undefined, onLost: (jobId) => lost.push(jobId) });
  const log = logs.open(id, old.epoch, old.lastLogSeq);
  log.append(line('too late'));
  expect(await log.flush()).toBe(false);
  expect(lost).toEqual([id]);

  const changes = new ChangeWriter(stage.db, logger, () => undefined);
  const never = new AbortController().signal;
  const started = [{ stepId: step.id, attempt: 1, input: {}, uses: null }];
  const settled = { status: 'COMPLETED' as const, output: 'too late', error: null };
  expect(await changes.write({ jobId: id, epoch: old.epoch, ...progress, started }, never)).toBe(false);
  expect(await changes.write({ jobId: id, epoch: old.epoch, ...progress, settled }, never)).toBe(false);

  const artifact = { id: newId(), name: 'x', contentType: 'text/plain', sizeBytes: 1, storageKey: 'x' };
  expect(await insertArtifact(stage.db, { ...artifact, jobId: id, epoch: old.epoch, stepId: step.id })).toBe(false);
  expect(await releaseJob(stage.db, { jobId: id, epoch: old.epoch })).toBe(false);
  expect(await beat(stage.db.pool, newId(), [{ jobId: id, epoch: old.epoch }], 30)).toEqual([]);

  expect(await stage.job(id)).toMatchObject({ status: 'RUNNING', output: null, epoch: heir.epoch });
  expect((await stage.job(id)).step('a')).toMatchObject({ status: 'PENDING', attempts: [] });
  expect((await stage.lines(id)).map(({ message }) => message)).toEqual([expect.stringContaining('was lost')]);
});

test('a line that a cancel wrote in between is taken into account, and nothing is lost or doubled', async () => {
  const id = await stage.queue([{ key: 'a', type: 'test.echo' }]);
  const job = await claim(id);
  const logs = new LogWriter(stage.db, logger, { onStored: () => undefined, onLost: () => undefined });
  const log = logs.open(id, job.epoch, job.lastLogSeq);
  log.append(line('one'));
  await log.flush();
  await requestCancel(stage.db, DEFAULT_TENANT_ID, id, false);
  log.append(line('two'));
  log.append(line('three'));
  expect(await log.flush()).toBe(true);
  expect((await stage.lines(id)).map(({ message, seq }) => [seq, message])).toEqual([
    [1, 'one'],
    [2, 'Cancel requested: the running steps are asked to stop'],
    [3, 'two'],
    [4, 'three'],
  ]);
});

test('changes of one job keep their order, whatever other jobs write at the same time', async () => {
  const jobs = await Promise.all(
    Array.from({ length: 20 }, async () => claim(await stage.queue([{ key: 'a', type: 'test.echo' }]))),
  );
  const changes = new ChangeWriter(stage.db, logger, () => undefined);
  const never = new AbortController().signal;
  const written = jobs.flatMap(({ epoch, id }) =>
    [10, 20, 30].map((stepPercent) => changes.write({ jobId: id, epoch, ...progress, stepPercent }, never)),
  );
  expect(await Promise.all(written)).toEqual(Array(60).fill(true));
  for (const { id } of jobs) expect(await stage.job(id)).toMatchObject({ stepPercent: 30 });
});
