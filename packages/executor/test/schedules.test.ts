import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { nextScheduleInMs, runDueSchedule } from '@signalbox/db/schedule-runs';
import { createSchedule, type NewSchedule } from '@signalbox/db/schedules';
import { findWorkflow, saveWorkflow } from '@signalbox/db/workflows';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openStage, type Stage, until } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

async function workflow(slug: string, more: object = {}): Promise<string> {
  const definition = {
    slug,
    name: slug,
    input: { type: 'object' as const },
    steps: [{ key: 'a', name: 'A', type: 'test.echo', needs: [], with: {} }],
    ...more,
  };
  await saveWorkflow(stage.db, DEFAULT_TENANT_ID, definition, JSON.stringify(definition));
  const saved = await findWorkflow(stage.db, DEFAULT_TENANT_ID, slug);
  if (!saved) throw new Error('the workflow was not saved');
  return saved.workflowId;
}

async function schedule(workflowId: string, name: string, more: Partial<NewSchedule> = {}): Promise<string> {
  return createSchedule(stage.db, {
    tenantId: DEFAULT_TENANT_ID,
    workflowId,
    name,
    times: { kind: 'RECURRING', startsAt: new Date('2026-01-01T00:00:00Z'), everySeconds: 3_600 },
    input: {},
    priority: null,
    subject: null,
    labels: [],
    active: true,
    createdBy: 'test',
    ...more,
  });
}

const makeDue = (id: string) =>
  stage.db.pool.query(`UPDATE schedule SET next_run_at = now() - interval '3 hours' WHERE id = $1`, [id]);
const read = (id: string) =>
  stage.db.prisma.schedule.findUniqueOrThrow({ where: { id }, include: { jobs: { select: { id: true } } } });

test('the next one is told by its distance: none without schedules, nothing below zero for one that is late', async () => {
  expect(await nextScheduleInMs(stage.db)).toBeUndefined();
  const id = await schedule(await workflow('distance'), 'distance');
  const ms = await nextScheduleInMs(stage.db);
  expect(ms).toBeGreaterThan(0);
  expect(ms).toBeLessThanOrEqual(3_600_000);
  await makeDue(id);
  expect(await nextScheduleInMs(stage.db)).toBe(0);
  await stage.db.prisma.schedule.delete({ where: { id } });
});

describe('a schedule that is due', () => {
  test('makes one job for all the times that were missed, whoever looks, and goes on with the next one', async () => {
    const id = await schedule(await workflow('many'), 'missed');
    await makeDue(id);
    const runs = await Promise.all(Array.from({ length: 8 }, () => runDueSchedule(stage.db)));
    expect(runs.filter((run) => run?.scheduleId === id)).toHaveLength(1);
    const { jobs, lastRunAt, nextRunAt } = await read(id);
    expect(jobs).toHaveLength(1);
    expect(nextRunAt?.getTime()).toBeGreaterThan(Date.now());
    expect(lastRunAt).not.toBeNull();
  });

  test.each<NewSchedule['times']>([
    { kind: 'ONCE', startsAt: new Date(Date.now() + 3_600_000) },
    { kind: 'RECURRING', startsAt: new Date(), everySeconds: 3_600 },
  ])('makes one job though the clock of the executor is behind: $kind', async (times) => {
    const id = await schedule(await workflow(`behind-${times.kind.toLowerCase()}`), `behind ${times.kind}`, { times });
    await stage.db.pool.query('UPDATE schedule SET starts_at = now(), next_run_at = now() WHERE id = $1', [id]);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 60_000 });
    onTestFinished(() => void vi.useRealTimers());
    expect(await runDueSchedule(stage.db)).toMatchObject({ scheduleId: id, jobId: expect.any(String) });
    expect(await runDueSchedule(stage.db)).toBeUndefined();
  });

  test('whose job cannot be made says why, and comes again', async () => {
    const input = { type: 'object', required: ['city'], properties: { city: { type: 'string' } } };
    const id = await schedule(await workflow('strict', { input }), 'without a city');
    await makeDue(id);
    expect(await runDueSchedule(stage.db)).toMatchObject({ scheduleId: id, problem: expect.stringContaining('city') });
    const { jobs, lastProblem, nextRunAt } = await read(id);
    expect(jobs).toEqual([]);
    expect(lastProblem).toContain('does not fit version 1 of the workflow "strict"');
    expect(nextRunAt?.getTime()).toBeGreaterThan(Date.now());
  });

  test('and is broken does not hold up those behind it', async () => {
    const broken = await workflow('broken');
    const [first, second] = [await schedule(broken, 'broken'), await schedule(await workflow('sound'), 'sound')];
    await stage.db.pool.query(`UPDATE workflow_version SET definition = '{"input": {}}' WHERE workflow_id = $1`, [
      broken,
    ]);
    for (const id of [second, first]) await makeDue(id);
    await stage.db.pool.query(`UPDATE schedule SET next_run_at = next_run_at - interval '1 hour' WHERE id = $1`, [
      first,
    ]);
    expect(await runDueSchedule(stage.db)).toMatchObject({ scheduleId: first, fault: expect.any(Error) });
    expect(await runDueSchedule(stage.db)).toMatchObject({ scheduleId: second, jobId: expect.any(String) });
    const { lastProblem, nextRunAt } = await read(first);
    expect(lastProblem).toContain('the log of the executor says why');
    expect(nextRunAt?.getTime()).toBeGreaterThan(Date.now());
  });

  test('is run by an executor to the end of its job, and one for a single time is over then', async () => {
    const workflowId = await workflow('once');
    const later = new Date(Date.now() + 3_600_000);
    const id = await schedule(workflowId, 'later', { times: { kind: 'ONCE', startsAt: later } });
    await stage.db.pool.query('UPDATE schedule SET starts_at = now(), next_run_at = now() WHERE id = $1', [id]);
    const executor = await stage.startExecutor();
    const { jobs } = await until(
      'the job is there',
      () => read(id),
      (found) => found.jobs.length === 1,
    );
    expect(await stage.settled(jobs[0]?.id ?? '')).toMatchObject({ status: 'COMPLETED' });
    expect(await read(id)).toMatchObject({ nextRunAt: null, active: true, lastProblem: null });
    await executor.stop();
  });
});
