import { setJobBudget, setTenantBudget } from '@signalbox/db/budget-limits';
import { readJobBudgets, readPeriodBudgets } from '@signalbox/db/budget-views';
import { sumCosts } from '@signalbox/db/costs';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { resumeJob } from '@signalbox/db/requeue';
import { saveWorkflow } from '@signalbox/db/workflows';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { countingModel } from './counting-model.ts';
import { openStage, type Stage, until } from './stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});

afterEach(() => stage.close());

/** `BUDGET_STEPS=1000 npm test -- budget.test` is the long campaign. */
const STEPS = Number(process.env.BUDGET_STEPS ?? 200);

const MODEL = { model: 'openai/gpt-5-mini', prompt: 'Say something.', maxOutputTokens: 100 };

function prompts(count: number, more: Record<string, unknown> = {}) {
  return {
    key: 'ask',
    type: 'prompt',
    forEach: Array.from({ length: count }, (_item, index) => index),
    maxParallel: 20,
    with: { ...MODEL, ...more },
  };
}

async function started(tokens: Parameters<typeof countingModel>[0]) {
  const { books, environment } = await countingModel(tokens);
  await stage.startExecutor(environment);
  return books;
}

describe('a budget', () => {
  test(
    'is never passed by steps that run beside each other, and their costs add up to the job’s exactly',
    async () => {
      const books = await started((call) => ({ input: 20 + (call % 7), output: 30 + ((call * 13) % 70) }));
      const cap = STEPS * 45;
      const jobId = await stage.queue([prompts(STEPS)], { workflow: { budgets: [{ microUsd: cap, action: 'fail' }] } });
      const job = await stage.settled(jobId, STEPS * 600);

      expect(books.microUsd).toBeLessThanOrEqual(cap);
      expect(books.most).toBeGreaterThan(1);
      const items = job.steps.filter(({ key }) => key.includes('['));
      expect(items.filter(({ status }) => status === 'COMPLETED')).toHaveLength(books.calls);
      const refused = items.filter(({ status }) => status !== 'COMPLETED');
      expect(refused.length).toBeGreaterThan(0);
      expect(new Set(refused.map(({ category }) => category))).toEqual(new Set(['BUDGET']));
      expect(refused[0]?.error).toMatch(
        /^The budget of the job has no room for a call of openai\/gpt-5-mini: \$0\.0\d+ of /,
      );

      const { rows } = await stage.db.pool.query<{ spent: string; entries: string }>(
        `SELECT (SELECT sum(micro_usd) FROM job_step WHERE job_id = $1) AS spent,
         (SELECT sum(micro_usd) FROM cost_entry WHERE job_id = $1) AS entries`,
        [jobId],
      );
      expect(rows).toEqual([{ spent: String(books.microUsd), entries: String(books.microUsd) }]);
      expect((await sumCosts(stage.db, [jobId])).get(jobId)).toMatchObject({ microUsd: BigInt(books.microUsd) });
      expect((await readJobBudgets(stage.db, [jobId])).get(jobId)).toMatchObject({
        limitMicroUsd: BigInt(cap),
        spentMicroUsd: BigInt(books.microUsd),
        reservedMicroUsd: 0n,
        reservedTokens: 0n,
      });
    },
    STEPS * 700,
  );

  test('that pauses lets the job go on where it stood once it was raised', async () => {
    const books = await started(() => ({ input: 20, output: 100 }));
    const jobId = await stage.queue([prompts(6)], { workflow: { budgets: [{ tokens: 700, action: 'pause' }] } });
    await until(
      'the job is paused',
      () => stage.job(jobId),
      ({ status }) => status === 'PAUSED',
    );
    const before = books.calls;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(6);
    expect((await stage.logged(jobId, /^Paused by its budget\./)).message).toContain('Raise it with setJobBudget');

    await setJobBudget(stage.db, DEFAULT_TENANT_ID, jobId, null, { microUsd: null, tokens: 100_000n, action: null });
    await resumeJob(stage.db, DEFAULT_TENANT_ID, jobId);
    expect((await stage.settled(jobId)).status).toBe('COMPLETED');
    expect(books.calls).toBe(6);
    expect((await readJobBudgets(stage.db, [jobId])).get(jobId)).toMatchObject({
      setByHand: true,
      action: 'PAUSE',
      spentTokens: 720n,
    });
  });

  test('that warns says so once, and holds nobody up', async () => {
    const books = await started(() => ({ input: 20, output: 50 }));
    const jobId = await stage.queue([prompts(5)], { workflow: { budgets: [{ microUsd: 150, action: 'warn' }] } });
    expect((await stage.settled(jobId)).status).toBe('COMPLETED');
    expect(books.calls).toBe(5);
    const warnings = (await stage.lines(jobId)).filter(({ level }) => level === 'WARNING');
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('The budget of the job has no room'),
    ]);
  });

  test('that only warns gets its room back from a call that the model refused', async () => {
    const books = await started((call) => (call === 0 ? undefined : { input: 20, output: 50 }));
    const retry = { attempts: 2, delayMs: 1, factor: 1, maxDelayMs: 1 };
    const budgets = [{ tokens: 1_000_000, action: 'warn' } as const];
    const jobId = await stage.queue([{ ...prompts(1), retry }], { workflow: { budgets } });
    expect((await stage.settled(jobId)).status).toBe('COMPLETED');
    expect(books.calls).toBe(1);
    expect((await readJobBudgets(stage.db, [jobId])).get(jobId)).toMatchObject({
      spentTokens: 70n,
      reservedTokens: 0n,
      reservedMicroUsd: 0n,
    });
  });

  test('in money only refuses a model whose price is not known; one in tokens takes it, and its cost is incomplete', async () => {
    await started(() => ({ input: 20, output: 50 }));
    const steps = [prompts(1, { model: 'acme/unknown' })];
    const poor = await stage.queue(steps, { workflow: { budgets: [{ microUsd: 1_000_000, action: 'fail' }] } });
    expect(await stage.settled(poor)).toMatchObject({
      category: 'BUDGET',
      error: expect.stringContaining('the price of acme/unknown is not known'),
    });
    const tokens = { microUsd: 1_000_000, tokens: 10_000, action: 'fail' } as const;
    const jobId = await stage.queue(steps, { workflow: { budgets: [tokens] } });
    expect((await stage.settled(jobId)).status).toBe('COMPLETED');
    expect((await sumCosts(stage.db, [jobId])).get(jobId)).toMatchObject({
      microUsd: 0n,
      inputTokens: 20n,
      outputTokens: 50n,
      unpricedModels: ['acme/unknown'],
    });
  });

  test('of a step counts all its items and all its attempts together', async () => {
    const books = await started(() => ({ input: 20, output: 100 }));
    const jobId = await stage.queue([{ ...prompts(4, { budget: { tokens: 400 } }), maxParallel: 1 }]);
    const job = await stage.settled(jobId);
    expect(job).toMatchObject({ status: 'FAILED', category: 'BUDGET' });
    expect(job.error).toMatch(/^The budget of the step has no room/);
    expect(books.calls).toBe(1);
  });

  test('of a workflow counts all its jobs of the day, and raising it helps jobs of older versions', async () => {
    const books = await started(() => ({ input: 20, output: 100 }));
    const definition = { slug: 'daily', budgets: [{ tokens: 400, action: 'fail', period: 'day' }] } as const;
    const one = () => stage.queue([prompts(1)], { workflow: { ...definition, budgets: [...definition.budgets] } });
    expect((await stage.settled(await one())).status).toBe('COMPLETED');
    const second = await one();
    expect(await stage.settled(second)).toMatchObject({
      status: 'FAILED',
      error: expect.stringContaining('The budget of the workflow for today'),
    });
    const { rows } = await stage.db.pool.query<{ id: string }>(`SELECT id FROM workflow WHERE slug = 'daily'`);
    const [today] = await readPeriodBudgets(stage.db, 'WORKFLOW', rows[0]?.id ?? '');
    expect(today).toMatchObject({ period: 'DAY', limitTokens: 400n, spentTokens: 120n, reservedTokens: 0n });

    const raised = {
      ...(await workflowOf(second)),
      budgets: [{ tokens: 5_000, action: 'fail', period: 'day' } as const],
    };
    await saveWorkflow(stage.db, DEFAULT_TENANT_ID, raised, JSON.stringify(raised));
    await resumeJob(stage.db, DEFAULT_TENANT_ID, second);
    expect((await stage.settled(second)).status).toBe('COMPLETED');
    expect(books.calls).toBe(2);
  });

  test('of the tenant counts everything', async () => {
    await started(() => ({ input: 20, output: 100 }));
    await setTenantBudget(stage.db, DEFAULT_TENANT_ID, {
      microUsd: null,
      tokens: 300n,
      action: 'FAIL',
      period: 'MONTH',
    });
    const [, second] = [
      await stage.settled(await stage.queue([prompts(1)])),
      await stage.settled(await stage.queue([prompts(1)])),
    ];
    expect(second.error).toContain('The budget of the tenant for this month');
    expect(await readPeriodBudgets(stage.db, 'TENANT', DEFAULT_TENANT_ID)).toMatchObject([{ spentTokens: 120n }]);
  });
});

async function workflowOf(jobId: string) {
  const job = await stage.db.prisma.job.findUniqueOrThrow({
    where: { id: jobId },
    select: { version: { select: { source: true } } },
  });
  return JSON.parse(job.version.source);
}
