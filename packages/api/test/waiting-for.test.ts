import { requestCancel } from '@signalbox/db/cancel';
import { releaseJob } from '@signalbox/db/executions';
import { pauseHeldJob, requestPause } from '@signalbox/db/pause';
import { markWorkerStopped } from '@signalbox/db/workers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';
import { Scene, stepId } from './scene.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

const WAITING = 'waitingFor { reason message jobs { id } jobsAhead until stepKeys stepTypes concurrencyKey limit }';

interface Seen {
  reason: string;
  message: string;
  jobs: { id: string }[];
  jobsAhead: number | null;
  until: string | null;
  stepKeys: string[];
}

async function ask(id: string): Promise<Seen | null> {
  const { data, errors } = await api.query<{ node: { waitingFor: Seen | null } }>(
    `query ($id: ID!) { node(id: $id) { ... on Job { ${WAITING} } ... on JobStep { ${WAITING} } } }`,
    { id },
  );
  expect(errors, JSON.stringify(api.logged.at(-1))).toBeUndefined();
  return data.node.waitingFor;
}

const command = (key: string, more = '') => `  - { key: ${key}, type: command, with: { run: 'true' }${more} }`;
const key = (limit: number, name: string) => `{ key: ${name}, limit: ${limit} }`;
const db = () => api.services.db;

/** What is staged, by the sentence that says it; gives the id to ask about and what is to be answered. */
type Situation = (scene: Scene) => Promise<[id: string, seen: object | null]>;

const JOBS: Record<string, Situation> = {
  'created without starting': async (s) => [await s.job({ start: false }), { reason: 'START', jobsAhead: null }],
  running: async (s) => [(await s.held()).id, null],
  'running with a pause pending': async (s) => {
    const { id } = await s.held();
    await requestPause(db(), TENANT, id);
    return [id, null];
  },
  paused: async (s) => {
    const job = await s.claim(await s.job());
    await requestPause(db(), TENANT, job.id);
    await pauseHeldJob(db(), { jobId: job.id, epoch: job.epoch });
    return [job.id, { reason: 'RESUME' }];
  },
  completed: async (s) => {
    const id = await s.job();
    await api.worker.finish(id);
    return [id, null];
  },
  failed: async (s) => {
    const id = await s.job();
    await api.worker.fail(id);
    return [id, null];
  },
  cancelled: async (s) => {
    const id = await s.job();
    await requestCancel(db(), TENANT, id, false);
    return [id, null];
  },
  'without any worker': async (s) => {
    await s.job();
    return [await s.job(), { reason: 'WORKER', jobsAhead: 1, jobs: [] }];
  },
  'with a worker of another queue': async (s) => {
    await s.worker({ queues: [`not-${s.queue}`] });
    return [await s.job(), { reason: 'WORKER' }];
  },
  'whose worker has stopped': async (s) => {
    await markWorkerStopped(db(), await s.worker());
    return [await s.job(), { reason: 'WORKER' }];
  },
  'whose worker is silent': async (s) => {
    await s.worker({ silent: 31 });
    return [await s.job(), { reason: 'WORKER' }];
  },
  'whose worker is a little late': async (s) => {
    await s.worker({ silent: 20 });
    return [await s.job(), { reason: 'TURN' }];
  },
  'with a step type that its workers lack': async (s) => {
    await s.worker();
    const steps = `${command('a')}\n  - { key: b, type: prompt, with: { prompt: hello } }`;
    return [await s.job({ steps }), { reason: 'STEP_TYPE', stepTypes: ['prompt'] }];
  },
  'whose step types are with different workers': async (s) => {
    await s.worker();
    await s.worker({ types: ['prompt'] });
    const steps = `${command('a')}\n  - { key: b, type: prompt, with: { prompt: hello } }`;
    return [await s.job({ steps }), { reason: 'TURN', stepTypes: [] }];
  },
  'whose worker has room': async (s) => {
    await s.worker();
    return [await s.job(), { reason: 'TURN', jobsAhead: 0, jobs: [] }];
  },
  'whose worker has room, behind others': async (s) => {
    await s.worker();
    for (const minutesAgo of [2, 1]) await s.job({ minutesAgo });
    return [await s.job(), { reason: 'TURN', jobsAhead: 2 }];
  },
  'with the only slot taken': async (s) => {
    const { id } = await s.held();
    return [await s.job(), { reason: 'SLOT', jobs: [{ id }], jobsAhead: 0, limit: 1 }];
  },
  'with all slots taken': async (s) => {
    const [one, two] = [await s.held(), await s.held()];
    return [await s.job(), { reason: 'SLOT', jobs: [{ id: one.id }, { id: two.id }], limit: 2 }];
  },
  'with the slot of one worker taken and that of another free': async (s) => {
    await s.held();
    await s.worker();
    return [await s.job(), { reason: 'TURN' }];
  },
  'with the slot taken, behind an older one': async (s) => {
    await s.held();
    await s.job({ minutesAgo: 1 });
    return [await s.job(), { reason: 'SLOT', jobsAhead: 1 }];
  },
  'with the slot taken, before a newer one': async (s) => {
    await s.held();
    await s.job();
    return [await s.job({ minutesAgo: 1 }), { reason: 'SLOT', jobsAhead: 0 }];
  },
  'overtaken by a higher priority': async (s) => {
    await s.held();
    for (const priority of ['LOW', 'HIGH', 'CRITICAL'] as const) await s.job({ priority });
    const message = expect.stringMatching(/2 jobs come before it by a higher priority\.$/);
    return [await s.job({ minutesAgo: 1 }), { reason: 'PRIORITY', jobsAhead: 2, message }];
  },
  'behind older ones and higher ones': async (s) => {
    await s.held();
    await s.job({ minutesAgo: 1 });
    await s.job({ priority: 'HIGH' });
    const message = expect.stringMatching(/2 jobs come before it, 1 of them by a higher priority\.$/);
    return [await s.job(), { reason: 'PRIORITY', jobsAhead: 2, message }];
  },
  'LOW, and just old enough to come before HIGH': async (s) => {
    await s.held();
    await s.job({ priority: 'HIGH' });
    return [await s.job({ priority: 'LOW', minutesAgo: 10.1 }), { reason: 'SLOT', jobsAhead: 0 }];
  },
  'LOW, and not yet old enough to come before HIGH': async (s) => {
    await s.held();
    await s.job({ priority: 'HIGH' });
    return [await s.job({ priority: 'LOW', minutesAgo: 9.9 }), { reason: 'PRIORITY', jobsAhead: 1 }];
  },
  'MEDIUM, and just old enough to come before HIGH': async (s) => {
    await s.held();
    await s.job({ priority: 'HIGH' });
    return [await s.job({ minutesAgo: 5.1 }), { reason: 'SLOT', jobsAhead: 0 }];
  },
  'old, and behind a critical one all the same': async (s) => {
    await s.held();
    await s.job({ priority: 'CRITICAL' });
    return [await s.job({ priority: 'HIGH', minutesAgo: 9_999 }), { reason: 'PRIORITY', jobsAhead: 1 }];
  },
  'moved to the front by another priority': async (s) => {
    await s.held();
    for (const minutesAgo of [3, 2, 1]) await s.job({ minutesAgo });
    const id = await s.job({ priority: 'LOW' });
    await s.prioritise(id, 'CRITICAL');
    return [id, { reason: 'SLOT', jobsAhead: 0 }];
  },
  'CRITICAL, with the place for critical ones free': async (s) => {
    const worker = await s.worker({ criticalSlots: 1 });
    await s.claim(await s.job(), worker);
    return [await s.job({ priority: 'CRITICAL' }), { reason: 'TURN' }];
  },
  'CRITICAL, with that place taken too': async (s) => {
    const worker = await s.worker({ criticalSlots: 1 });
    for (const priority of ['LOW', 'CRITICAL'] as const) await s.claim(await s.job({ priority }), worker);
    return [await s.job({ priority: 'CRITICAL' }), { reason: 'SLOT', limit: 2 }];
  },
  'not critical, with only the place for critical ones free': async (s) => {
    const worker = await s.worker({ criticalSlots: 1 });
    await s.claim(await s.job(), worker);
    return [await s.job({ priority: 'HIGH' }), { reason: 'SLOT', limit: 1 }];
  },
  'whose concurrency key is taken': async (s) => {
    await s.worker({ slots: 5 });
    const concurrency = key(1, s.queue);
    const holder = await s.job({ concurrency });
    await s.claim(holder);
    const seen = { reason: 'CONCURRENCY_KEY', jobs: [{ id: holder }], concurrencyKey: s.queue, limit: 1 };
    return [await s.job({ concurrency }), seen];
  },
  'whose concurrency key has a place left': async (s) => {
    await s.worker({ slots: 5 });
    const concurrency = key(2, s.queue);
    await s.claim(await s.job({ concurrency }));
    return [await s.job({ concurrency }), { reason: 'TURN', concurrencyKey: null }];
  },
  'whose concurrency key is taken, without a worker': async (s) => {
    const concurrency = key(1, s.queue);
    await s.claim(await s.job({ concurrency }));
    return [await s.job({ concurrency }), { reason: 'WORKER' }];
  },
  'behind one that waits for its concurrency key': async (s) => {
    await s.held();
    const concurrency = key(1, s.queue);
    await s.claim(await s.job({ concurrency }));
    await s.job({ concurrency, minutesAgo: 1 });
    return [await s.job(), { reason: 'SLOT', jobsAhead: 0 }];
  },
  'behind one of another queue that its worker serves too': async (s) => {
    const other = `other-${s.queue}`;
    const worker = await s.worker({ queues: [s.queue, other] });
    await s.claim(await s.job({ queue: other }), worker);
    await s.job({ queue: other, minutesAgo: 1 });
    return [await s.job(), { reason: 'SLOT', jobsAhead: 1 }];
  },
  'handed back, and so before those that came later': async (s) => {
    const worker = await s.worker();
    const job = await s.claim(await s.job({ minutesAgo: 3 }), worker);
    await s.job({ minutesAgo: 1 });
    await releaseJob(db(), { jobId: job.id, epoch: job.epoch });
    return [job.id, { reason: 'TURN', jobsAhead: 0 }];
  },
};

const CHAIN = [command('a'), command('b'), command('c', ', needs: [a, b]')].join('\n');
const LIST = "  - { key: each, type: command, forEach: [0, 1, 2, 3], maxParallel: 2, with: { run: 'true' } }";

const STEPS: Record<string, Situation> = {
  'of a job that was not started': async (s) => {
    const id = await s.job({ start: false });
    return [await stepOf(id, 'a'), { reason: 'JOB_NOT_RUNNING', message: 'The job is CREATED.' }];
  },
  'of a queued job': async (s) => {
    const id = await s.job({ steps: CHAIN });
    return [await stepOf(id, 'b'), { reason: 'JOB_NOT_RUNNING', stepKeys: ['a'] }];
  },
  'of a paused job': async (s) => {
    const job = await s.claim(await s.job());
    await requestPause(db(), TENANT, job.id);
    await pauseHeldJob(db(), { jobId: job.id, epoch: job.epoch });
    return [stepId(job, 'a'), { reason: 'RESUME' }];
  },
  'of a job that is being paused': async (s) => {
    const job = await s.claim(await s.job({ steps: CHAIN }));
    await s.start(job, 'a');
    await requestPause(db(), TENANT, job.id);
    await s.complete(job, 'a');
    return [stepId(job, 'b'), { reason: 'RESUME' }];
  },
  'that runs': async (s) => {
    const job = await s.claim(await s.job());
    await s.start(job, 'a');
    return [stepId(job, 'a'), null];
  },
  'that is completed': async (s) => {
    const job = await s.claim(await s.job());
    await s.start(job, 'a');
    await s.complete(job, 'a');
    return [stepId(job, 'a'), null];
  },
  'that was skipped': async (s) => {
    const job = await s.claim(await s.job());
    const closed = { stepId: stepId(job, 'a'), status: 'SKIPPED', because: 'false', error: null } as const;
    await s.record(job, { closed: [closed] });
    return [stepId(job, 'a'), null];
  },
  'that needs one that runs': async (s) => {
    const job = await s.claim(await s.job({ steps: CHAIN }));
    await s.start(job, 'a');
    return [stepId(job, 'b'), { reason: 'NEEDS', stepKeys: ['a'], message: 'It needs "a" to be settled.' }];
  },
  'that needs two, one of them settled': async (s) => {
    const job = await s.claim(await s.job({ steps: CHAIN }));
    await s.start(job, 'a');
    await s.complete(job, 'a');
    return [stepId(job, 'c'), { reason: 'NEEDS', stepKeys: ['b'] }];
  },
  'that is about to start': async (s) => {
    const job = await s.claim(await s.job({ steps: CHAIN }));
    await s.start(job, 'a');
    await s.complete(job, 'a');
    return [stepId(job, 'b'), { reason: 'TURN' }];
  },
  'that failed and is tried again later': async (s) => {
    const steps = command('a', ', retry: { attempts: 3, delay: 1h }');
    const job = await s.claim(await s.job({ steps }));
    await s.start(job, 'a');
    await s.failOnce(job, stepId(job, 'a'));
    const message = expect.stringContaining('Try 1 of 3 failed (PROCESS)');
    return [stepId(job, 'a'), { reason: 'RETRY', until: expect.any(String), message }];
  },
  'that failed, and whose job another worker has taken since': async (s) => {
    const steps = command('a', ', retry: { attempts: 3, delay: 1h }');
    const job = await s.claim(await s.job({ steps }));
    await s.start(job, 'a');
    await s.failOnce(job, stepId(job, 'a'));
    await releaseJob(db(), { jobId: job.id, epoch: job.epoch });
    await s.claim(job.id);
    return [stepId(job, 'a'), { reason: 'TURN' }];
  },
  'that is an item behind as many as may run': async (s) => {
    const job = await s.claim(await s.job({ steps: LIST }));
    const items = await s.expand(job, 'each', 4, 2);
    return [items[2] ?? '', { reason: 'PARALLEL', limit: 2 }];
  },
  'that is an item behind one that is tried again later': async (s) => {
    const job = await s.claim(await s.job({ steps: LIST }));
    const items = await s.expand(job, 'each', 4, 2);
    await s.failOnce(job, items[0] ?? '');
    return [items[2] ?? '', { reason: 'PARALLEL', limit: 2 }];
  },
  'that is an item with a place free': async (s) => {
    const job = await s.claim(await s.job({ steps: LIST }));
    const items = await s.expand(job, 'each', 4, 1);
    return [items[1] ?? '', { reason: 'TURN' }];
  },
  'beside as many steps as a job may run': async (s) => {
    const keys = Array.from({ length: 11 }, (_, index) => `s${index}`);
    const job = await s.claim(await s.job({ steps: keys.map((one) => command(one, ', needs: []')).join('\n') }));
    await s.start(job, ...keys.slice(0, 10));
    return [stepId(job, 's10'), { reason: 'PARALLEL', limit: 10 }];
  },
};

async function stepOf(jobId: string, stepKey: string): Promise<string> {
  return (await db().prisma.jobStep.findUniqueOrThrow({ where: { jobId_key: { jobId, key: stepKey } } })).id;
}

/** Stages it; gives what is answered and what is to be among it. */
async function look(situation: Situation | undefined) {
  const [id, seen] = (await situation?.(new Scene(api))) ?? ['', {}];
  return { answer: { waitingFor: await ask(id) }, expected: { waitingFor: seen } };
}

describe('waitingFor of a job', () => {
  test.concurrent.each(Object.keys(JOBS))('%s', async (name) => {
    const { answer, expected } = await look(JOBS[name]);
    expect(answer).toMatchObject(expected);
  });
});

describe('waitingFor of a step', () => {
  test.concurrent.each(Object.keys(STEPS))('%s', async (name) => {
    const { answer, expected } = await look(STEPS[name]);
    expect(answer).toMatchObject(expected);
  });

  test('gives the time of the next try as the policy has it', async () => {
    const [id] = (await STEPS['that failed and is tried again later']?.(new Scene(api))) ?? [''];
    const attempt = await db().prisma.stepAttempt.findFirstOrThrow({ where: { stepId: id } });
    const seen = await ask(id);
    expect(Date.parse(seen?.until ?? '') - (attempt.completedAt?.getTime() ?? 0)).toBe(3_600_000);
  });
});

test('however many jobs are asked about, it takes one statement of each kind', async () => {
  const scene = new Scene(api);
  await scene.held();
  const steps = await api.saveWorkflow(`slug: many\nname: Many\nqueue: ${scene.queue}\nsteps:\n${CHAIN}\n`);
  const asked = vi.spyOn(db().pool, 'query');
  const names = ['look-at-queues', 'look-at-waits', 'look-at-steps'];
  for (const jobs of [1, 20]) {
    for (let job = 0; job < jobs; job += 1) await api.newJob({ workflow: steps, input: {} });
    asked.mockClear();
    const fields = `{ nodes: edges { node { ${WAITING} steps { ${WAITING} } } } }`;
    const { errors } = await api.query(`{ jobs(first: 30, filter: { workflow: ["many"] }) ${fields} }`);
    expect(errors).toBeUndefined();
    const made = asked.mock.calls.map(([statement]: unknown[]) => (statement as { name?: string }).name ?? '');
    expect(made.filter((name) => names.includes(name)).sort()).toEqual([...names].sort());
  }
  asked.mockRestore();
});
