import type { WorkflowDefinition } from '@signalbox/core/definition';
import { type Database, openDatabase } from '../src/client.ts';
import { type ClaimedJob, claimJob } from '../src/executions.ts';
import { DEFAULT_TENANT_ID, newId } from '../src/ids.ts';
import { createJob, type NewJob } from '../src/jobs.ts';
import { findWorkflow, saveWorkflow, type WorkflowVersionRow } from '../src/workflows.ts';
import { createTestDatabase } from './database.ts';

export const TENANT = DEFAULT_TENANT_ID;

/** A database of its own for one test file, with one saved workflow of three steps in a row. */
export interface Fixture {
  db: Database;
  workflow: WorkflowVersionRow;
  newJob(overrides?: Partial<NewJob>): Promise<string>;
  newClaimedJob(overrides?: Partial<NewJob>): Promise<ClaimedJob>;
  status(jobId: string): Promise<string | undefined>;
  close(): Promise<void>;
}

export const threeSteps: WorkflowDefinition = {
  slug: 'three-steps',
  name: 'Three steps',
  input: { type: 'object' },
  steps: ['first', 'second', 'third'].map((key, index, keys) => ({
    key,
    name: `The ${key}`,
    type: 'command',
    needs: index === 0 ? [] : [keys[index - 1] as string],
    with: { run: 'true' },
  })),
};

export async function createFixture(definition: WorkflowDefinition = threeSteps): Promise<Fixture> {
  const testDatabase = await createTestDatabase();
  const db = openDatabase(testDatabase.url, { applicationName: 'signalbox test' });
  await saveWorkflow(db, TENANT, definition, JSON.stringify(definition));
  const workflow = await findWorkflow(db, TENANT, definition.slug);
  if (!workflow) throw new Error('the workflow was not saved');
  const newJob = async (overrides: Partial<NewJob> = {}) =>
    (await createJob(db, { tenantId: TENANT, workflow, input: {}, ...overrides })).id;
  return {
    db,
    workflow,
    newJob,
    async newClaimedJob(overrides) {
      const claimed = await claimJob(db, await newJob(overrides), worker());
      if (!claimed) throw new Error('a new job could not be claimed');
      return claimed;
    },
    async status(jobId) {
      const { rows } = await db.pool.query<{ status: string }>('SELECT status FROM job WHERE id = $1', [jobId]);
      return rows[0]?.status;
    },
    async close() {
      await db.close();
      await testDatabase.drop();
    },
  };
}

export function worker(leaseSeconds = 3_600) {
  return { workerId: newId(), workerName: 'test worker', leaseSeconds };
}
