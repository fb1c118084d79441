/** What a stranger can do: write one file against the SDK, in any folder, and see it run, checked and drawn. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningProduct, startProduct, temporaryFolder } from './running-product.ts';

const CONFORMANCE = path.join(import.meta.dirname, '../../../packages/plugin-sdk/src/conformance-command.ts');
const PLUGIN = `import { definePlugin, defineStepType, StepFailure } from '@signalbox/plugin-sdk';

const roll = defineStepType<{ sides: number; throws: number }, { rolled: number[] }>({
  type: 'dice.roll',
  title: 'Roll dice',
  description: 'Rolls a die as often as it is told to.',
  config: {
    type: 'object',
    required: ['throws'],
    properties: {
      sides: { type: 'integer', title: 'Sides', minimum: 2, default: 6 },
      throws: { type: 'integer', title: 'Throws', minimum: 1 },
    },
  },
  repeatable: true,
  uses: ({ sides }) => \`a die with \${sides} sides\`,
  async run(ctx) {
    if (ctx.config.sides > 1_000) throw new StepFailure('There is no such die.', { category: 'USER_INPUT' });
    const rolled = Array.from({ length: ctx.config.throws }, () => 1 + Math.floor(Math.random() * ctx.config.sides));
    ctx.log('INFO', \`rolled \${rolled.join(', ')}\`);
    return { rolled };
  },
});

export default definePlugin({ name: 'signalbox-plugin-dice', version: '1.0.0', contract: 1, stepTypes: [roll] });
`;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let file: string;
let product: RunningProduct;

beforeAll(async () => {
  folder = await temporaryFolder();
  file = path.join(folder.path, 'dice.ts');
  await writeFile(file, PLUGIN);
  product = await startProduct({ dataDir: `${folder.path}/data`, env: { SIGNALBOX_PLUGINS: file } });
}, 120_000);
afterAll(async () => {
  await product?.stop();
  await folder?.remove();
});

const workflow = (throws: string) =>
  `slug: dice\nsteps:\n  - key: roll\n    type: dice.roll\n    with: { throws: ${throws} }\n`;

test('a plugin of at most thirty lines has a form, is checked when a workflow is saved, runs and conforms', async () => {
  expect((await readFile(file, 'utf8')).trim().split('\n').length).toBeLessThanOrEqual(30);

  const { plugins, stepTypes } = await product.query<{ plugins: { name: string }[]; stepTypes: { type: string }[] }>(
    '{ plugins { name version status problem stepTypes } stepTypes { type title plugin configSchema workers } }',
  );
  expect(plugins.find(({ name }) => name === 'signalbox-plugin-dice')).toEqual({
    name: 'signalbox-plugin-dice',
    version: '1.0.0',
    status: 'LOADED',
    problem: null,
    stepTypes: ['dice.roll'],
  });
  expect(stepTypes.find(({ type }) => type === 'dice.roll')).toMatchObject({
    title: 'Roll dice',
    plugin: 'signalbox-plugin-dice',
    workers: 1,
    configSchema: { properties: { sides: { title: 'Sides', default: 6 } } },
  });

  const VALIDATE = 'query ($source: String!) { validateWorkflow(source: $source) { issues { path line column } } }';
  expect(await product.query(VALIDATE, { source: workflow('none') })).toEqual({
    validateWorkflow: { issues: [{ path: '/steps/0/with/throws', line: 5, column: 13 }] },
  });

  await product.query('mutation ($source: String!) { saveWorkflow(source: $source) { __typename } }', {
    source: workflow('3'),
  });
  const { createJob } = await product.query<{ createJob: { id: string } }>(
    'mutation { createJob(input: { workflow: "dice" }) { ... on Job { id } } }',
  );
  interface Updated {
    jobUpdated: { job: { status: string; output: object; steps: { uses: string | null }[] } };
  }
  const seen = await product.subscribe<Updated>(
    'subscription ($id: ID!) { jobUpdated(id: $id) { job { status output steps { uses } } } }',
    { id: createJob.id },
    ({ jobUpdated }) => ['COMPLETED', 'FAILED'].includes(jobUpdated.job.status),
  );
  expect(seen.at(-1)?.jobUpdated.job).toEqual({
    status: 'COMPLETED',
    output: { rolled: [expect.any(Number), expect.any(Number), expect.any(Number)] },
    steps: [{ uses: 'a die with 6 sides' }],
  });

  const { stdout } = await promisify(execFile)(process.execPath, [CONFORMANCE, file], { cwd: folder.path });
  expect(stdout).toMatch(/All \d+ checks passed/);
});
