import { readFile } from 'node:fs/promises';
import { newId } from '@signalbox/db/ids';
import { storeWait, waitWithHeldJob } from '@signalbox/db/waits';
import type { Example } from '../src/http/examples.ts';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';

/** An API with everything in it that the examples speak of. */
export interface ExampleScene {
  api: ApiFixture;
  /** The variables of an example, with what it speaks of made anew. */
  variablesOf(example: Example): Promise<Record<string, unknown>>;
}

/** Other examples that have to be run before. */
const FIRST: Readonly<Record<string, string>> = { deleteSecret: 'setSecret' };

export async function createExampleScene(examples: readonly Example[]): Promise<ExampleScene> {
  const api = await createApiFixture({ secretsKeys: [Buffer.alloc(32, 7).toString('base64')] });
  await api.worker.register(TENANT, ['simulated', 'command']);
  const workflow = await api.saveWorkflow(
    await readFile(new URL('../../../workflows/simulated-pipeline.yaml', import.meta.url), 'utf8'),
  );

  const newJob = (start = true) => api.newJob({ workflow, input: { stageDuration: '1s', failureRate: 0 }, start });

  /** Makes what an example speaks of, by the words it has in the place of the id. */
  const MAKE: Record<string, () => Promise<string>> = {
    'a CREATED job': () => newJob(false),
    'a QUEUED job': () => newJob(),
    async 'a RUNNING job'() {
      const id = await newJob();
      await api.worker.claim(id);
      return id;
    },
    async 'a WAITING job'() {
      const id = await newJob();
      const { epoch, ...job } = await api.worker.claim(id);
      const held = { ...job, epoch };
      await api.worker.start(held, 'checkout');
      const lease = { jobId: id, epoch };
      const approval = { message: 'Go on?', form: null };
      const cost = { timeLeftMs: null, microUsd: '0', inputTokens: '0', outputTokens: '0' };
      const stepId = job.steps.find(({ key }) => key === 'checkout')?.id ?? '';
      await storeWait(api.services.db, lease, { stepId, attempt: 1, ...cost, kind: 'APPROVAL', until: null, approval });
      await waitWithHeldJob(api.services.db, lease, 0, []);
      return id;
    },
    async 'a COMPLETED job'() {
      const id = await newJob();
      await api.worker.finish(id);
      return id;
    },
    async 'a FAILED job'() {
      const id = await newJob();
      await api.worker.fail(id);
      return id;
    },
    'a saved view': () => idFrom('saveView', { name: `view ${newId()}` }),
    'an input template': () => idFrom('saveInputTemplate', { name: `template ${newId()}` }),
    async 'a schedule'() {
      const [query, { input }] = callOf('createSchedule', {});
      const named = { input: { ...Object(input), name: `schedule ${newId()}` } };
      const { data } = await api.query<{ createSchedule: { id: string } }>(query, named);
      return data.createSchedule.id;
    },
    async 'a webhook'() {
      const { data } = await api.query<{ saveWebhook: { webhook: { id: string } } }>(...callOf('saveWebhook', {}));
      return data.saveWebhook.webhook.id;
    },
    async 'an API token'() {
      const { data } = await api.query<{ createApiToken: { token: { id: string } } }>(...callOf('createApiToken', {}));
      return data.createApiToken.token.id;
    },
  };

  async function idFrom(field: string, changed: object): Promise<string> {
    const { data } = await api.query<Record<string, { id: string }>>(...callOf(field, changed));
    return data[field]?.id ?? '';
  }

  function callOf(field: string, changed: object): [query: string, variables: Record<string, unknown>] {
    const example = examples.find((each) => each.name === field);
    return [example?.query ?? '', { ...JSON.parse(example?.variables ?? '{}'), ...changed }];
  }

  async function variablesOf({ name, variables = '{}' }: Example): Promise<Record<string, unknown>> {
    const before = FIRST[name];
    if (before) await api.query(...callOf(before, {}));
    const given = Object.entries(JSON.parse(variables) as Record<string, unknown>);
    const filled = given.map(async ([variable, value]): Promise<[string, unknown]> => {
      const thing = typeof value === 'string' ? /^ID of (.+)$/.exec(value)?.[1] : undefined;
      return [variable, thing === undefined ? value : await MAKE[thing]?.()];
    });
    return Object.fromEntries(await Promise.all(filled));
  }

  return { api, variablesOf };
}
