import { afterAll, beforeAll, expect, test } from 'vitest';
import { Prisma } from '../src/generated/prisma/client.ts';
import { plainColumns, readPlainJobs, TIMELINE_ORDER } from '../src/job-rows.ts';
import { createFixture, type Fixture, TENANT } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

/** The columns among those that are read without Prisma. */
function plain(columns: string[], within: (select: object) => object): Record<string, true> {
  const read = columns.filter((column) => plainColumns({ select: within({ [column]: true }) }));
  return Object.fromEntries(read.map((column) => [column, true as const]));
}

test('jobs and steps are what Prisma gives, column for column', async () => {
  const { db } = fixture;
  const { id: jobId } = await fixture.newClaimedJob();
  const fresh = await fixture.newJob();
  const ofStep = plain(Object.keys(Prisma.JobStepScalarFieldEnum), (select) => ({
    id: true,
    steps: { select, orderBy: TIMELINE_ORDER },
  }));
  const ofJob = plain(Object.keys(Prisma.JobScalarFieldEnum), (select) => select);
  expect(Object.keys(ofStep)).toContain('completedAt');
  expect(Object.keys(ofJob)).toEqual(expect.arrayContaining(['input', 'labels', 'stepPercent', 'createdAt']));

  const select = { ...ofJob, id: true as const, steps: { select: ofStep, orderBy: TIMELINE_ORDER } };
  const columns = plainColumns({ select });
  if (!columns) throw new Error('they are not all plain');
  const read = await readPlainJobs(db, TENANT, [jobId, fresh], columns);
  const wanted = await db.prisma.job.findMany({ where: { id: { in: [jobId, fresh] } }, select });
  const inOrder = <Row extends { id: string }>(rows: Row[]) =>
    rows.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  expect(wanted).toHaveLength(2);
  expect(inOrder(read)).toMatchObject(inOrder(wanted));
});

test('whatever else is asked for is left to Prisma', () => {
  expect(plainColumns({ include: { steps: true } })).toBeUndefined();
  expect(plainColumns({ select: { id: true, artifacts: { select: { id: true } } } })).toBeUndefined();
  expect(plainColumns({ select: { id: true, steps: true } })).toBeUndefined();
  expect(
    plainColumns({ select: { id: true, steps: { select: { id: true }, take: 1, orderBy: TIMELINE_ORDER } } }),
  ).toBeUndefined();
  expect(
    plainColumns({ select: { id: true, steps: { select: { id: true }, orderBy: { key: 'asc' } } } }),
  ).toBeUndefined();
  expect(
    plainColumns({
      select: { steps: { select: { id: true, attempts: { select: { id: true } } }, orderBy: TIMELINE_ORDER } },
    }),
  ).toBeUndefined();
});

test('a job of another tenant is not read', async () => {
  const job = await fixture.newJob();
  const other = '00000000-0000-7000-8000-0000000000ff';
  expect(await readPlainJobs(fixture.db, other, [job], { job: ['status'] })).toEqual([]);
});
