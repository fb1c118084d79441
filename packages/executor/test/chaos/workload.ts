import type { StepDefinition, WorkflowDefinition } from '@signalbox/core/definition';
import type { Database } from '@signalbox/db/client';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { createJob } from '@signalbox/db/jobs';
import { findWorkflow, saveWorkflow } from '@signalbox/db/workflows';
import type { Ledger } from './ledger.ts';
import type { Random } from './random.ts';

/** So many tries that only lost workers can use them up. */
const RETRY = { attempts: 50, delayMs: 20, factor: 1, maxDelayMs: 20 };

type Step = Partial<StepDefinition> & { key: string; type: string };

/** Workflows of many tiny steps, each with an effect that the ledger counts. */
function workflows({ file, url }: Ledger): [WorkflowDefinition, ...WorkflowDefinition[]] {
  const note = (key: string, more: object = {}): Step => ({
    key,
    type: 'tool',
    with: { tool: 'http.request', input: { url: `${url}/\${{ job.id }}/${key}`, method: 'POST' } },
    ...more,
  });
  const pause = (key: string, durationMs: number): Step => ({
    key,
    type: 'simulated',
    with: { durationMs, ticks: 4, logLines: 8, failureRate: 0 },
  });
  const run = (key: string, then: string): Step => ({
    key,
    type: 'command',
    with: {
      run: `echo "$SIGNALBOX_JOB_ID $SIGNALBOX_STEP_KEY $SIGNALBOX_ATTEMPT" >> "$LEDGER"; ${then}`,
      env: { LEDGER: file },
    },
  });
  const item = { tool: 'http.request', input: { url: `${url}/\${{ job.id }}/all%5B\${{ index }}%5D`, method: 'POST' } };
  return [
    workflow('chain', [note('a'), pause('b', 40), note('c'), note('d'), note('e')]),
    workflow('fan', [
      note('a'),
      note('b', { needs: ['a'] }),
      note('c', { needs: ['a'] }),
      pause('d', 80),
      note('e', { needs: ['b', 'c', 'd'] }),
    ]),
    workflow('each', [
      { key: 'all', type: 'tool', forEach: [1, 2, 3, 4, 5], maxParallel: 2, with: item },
      note('after'),
    ]),
    workflow('program', [note('a'), run('b', 'sleep 0.2 & sleep 0.1; wait'), note('c')]),
    workflow('stubborn', [
      run('a', `trap '' TERM; for i in 1 2 3 4 5 6; do echo "line $i"; sleep 0.1; done`),
      note('b'),
    ]),
  ];
}

function workflow(slug: string, steps: Step[]): WorkflowDefinition {
  return {
    slug: `chaos-${slug}`,
    name: slug,
    input: { type: 'object' },
    steps: steps.map((step, index) => ({
      name: step.key,
      needs: index === 0 ? [] : [steps[index - 1]?.key ?? ''],
      with: {},
      retry: RETRY,
      ...step,
    })),
  };
}

/** Programs cost most; they are few. */
const SHARES = ['chain', 'chain', 'chain', 'chain', 'fan', 'fan', 'each', 'each', 'program', 'stubborn'] as const;

/** Gives jobs to create, of workflows that the seed chooses. */
export async function openWorkload(db: Database, ledger: Ledger): Promise<(random: Random) => Promise<string>> {
  const saved = new Map<string, NonNullable<Awaited<ReturnType<typeof findWorkflow>>>>();
  for (const definition of workflows(ledger)) {
    await saveWorkflow(db, DEFAULT_TENANT_ID, definition, JSON.stringify(definition));
    const found = await findWorkflow(db, DEFAULT_TENANT_ID, definition.slug);
    if (found) saved.set(definition.name, found);
  }
  return async (random) => {
    const name = random.pick(SHARES);
    const priority = random.pick(['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']);
    const found = saved.get(name);
    if (!found) throw new Error(`no workflow ${name}`);
    return (await createJob(db, { tenantId: DEFAULT_TENANT_ID, workflow: found, input: {}, priority })).id;
  };
}
