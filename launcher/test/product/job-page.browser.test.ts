import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  folder,
  forgive,
  open,
  openPage,
  page,
  product,
  restartProduct,
  serveProduct,
  violations,
} from './web-fixture.ts';

/** Writes a log, stays until a file is there, asks somebody, and ends. */
const STAY = `slug: stay
name: Stay a while
input: { type: object, properties: { gate: { type: string }, word: { type: string, default: plain } } }
steps:
  - key: prepare
    name: Prepare
    type: command
    with:
      run: for i in $(seq 1 1200); do echo "line $i"; done; echo "a needle here"; echo "{\\"word\\":\\"$WORD\\"}" > "$SIGNALBOX_OUTPUT"
      env: { WORD: "\${{ input.word }}" }
  - key: hold
    name: Hold on
    type: command
    with:
      run: echo waiting; while [ ! -e "$GATE" ]; do sleep 0.05; done
      env: { GATE: "\${{ input.gate }}" }
  - key: never
    name: Never mind
    type: command
    needs: [prepare]
    if: \${{ input.word == "never" }}
    with: { run: "true" }
  - key: ask
    name: Ask somebody
    type: approval
    needs: [hold]
    with: { message: Shall it end? }
  - key: end
    name: End
    type: command
    with:
      run: echo "$WORD"
      env: { WORD: "\${{ steps.prepare.output.word }}" }
`;

const BREAK = `slug: break
name: Break
input: { type: object, properties: { count: { type: integer, title: Count, default: 3 } } }
steps:
  - key: make
    name: Make a page
    type: command
    with: { run: 'echo "<h1>Kept</h1>" > page.html', artifacts: [page.html] }
  - key: check
    name: Check it
    type: command
    with: { run: "echo looking; exit 4" }
    retry: { attempts: 2, delay: 50ms }
  - key: after
    name: Afterwards
    type: command
    with: { run: "true" }
`;

serveProduct(async (made) => {
  await mkdir(`${made}/workflows`);
  await writeFile(`${made}/workflows/stay.yaml`, STAY);
  await writeFile(`${made}/workflows/break.yaml`, BREAK);
  return { env: { SIGNALBOX_WORKFLOWS_DIR: `${made}/workflows` } };
});
openPage('file');

async function create(workflow: string, input: object = {}): Promise<string> {
  const { createJob } = await product.query<{ createJob: { id: string } }>(
    'mutation ($input: CreateJobInput!) { createJob(input: $input) { ... on Job { id } } }',
    { input: { workflow, input } },
  );
  return createJob.id;
}

async function read(id: string): Promise<{ status: string; subject: string | null }> {
  const { job } = await product.query<{ job: { status: string; subject: string | null } }>(
    'query ($id: ID!) { job(id: $id) { status subject } }',
    { id },
  );
  return job;
}

const openJob = (id: string, query = '') => open(`/jobs/${id}${query}`);
const info = () => page.getByRole('region', { name: 'Job', exact: true });
const steps = () => page.getByRole('region', { name: 'Steps', exact: true });
/** The title of the tab says how the job does. */
const status = (word: string) => page.waitForFunction((text) => document.title.includes(` ${text} `), word);
const gate = (name: string) => path.join(folder, name);

test('a job is watched, paused, resumed and decided on, and every view has the same selection', async () => {
  const id = await create('stay', { gate: gate('one') });
  await openJob(id);
  await steps().getByRole('button', { name: 'Running Hold on' }).waitFor();
  await page.getByRole('region', { name: 'Step Hold on' }).getByText('waiting', { exact: true }).waitFor();
  await status('running');

  await page.getByRole('button', { name: 'Pause' }).click();
  await info().getByText('Pausing', { exact: true }).waitFor();
  await writeFile(gate('one'), '');
  await status('paused');
  await page.getByRole('button', { name: 'Resume' }).first().click();
  await steps().getByText('waits for an approval').first().waitFor();
  await page.getByRole('button', { name: 'Decide' }).click();
  await page.getByRole('button', { name: 'Approve' }).click();
  await status('completed');

  await steps()
    .getByRole('button', { name: /Skipped Never mind/ })
    .click();
  await page.getByText(/^Skipped: .*input\.word/).waitFor();
  await page.getByRole('tab', { name: 'Gantt' }).click();
  await steps()
    .getByRole('button', { name: /Never mind/, pressed: false })
    .waitFor();
  await steps().locator('[aria-current="step"]', { hasText: 'Never mind' }).waitFor();
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await page.getByRole('button', { name: 'Show all of the time' }).click();
  await page.getByRole('tab', { name: 'Graph' }).click();
  await steps().locator('.react-flow [aria-current="step"]').waitFor();
  await page.keyboard.press('k');
  await page.getByRole('region', { name: 'Step Hold on' }).waitFor();
  await steps().locator('.react-flow [aria-current="step"]', { hasText: 'Hold on' }).waitFor();
  expect(page.url()).toContain('view=graph');
  await page.reload();
  await steps().locator('.react-flow [aria-current="step"]').waitFor();
});

test('a log is searched on the server, opened at a line, and had as a file', async () => {
  await writeFile(gate('two'), '');
  const id = await create('stay', { gate: gate('two') });
  // All lines are written by then.
  await expect.poll(() => read(id)).toMatchObject({ status: 'WAITING' });
  await openJob(id, '?view=log&line=40-42');
  const line = (seq: number) => steps().locator(`[data-pick="${seq}"]`);
  await line(41).waitFor();
  await expect.poll(() => steps().locator('[data-picked]').count()).toBe(3);

  const search = steps().getByRole('textbox', { name: 'Search in the log' });
  await search.fill('NEEDLE');
  await steps().getByText('1 of 1', { exact: true }).waitFor();
  await steps().locator('[data-found]').getByText('needle').waitFor();
  await search.fill('line 12');
  await steps()
    .getByText(/^\d+ of 12$/)
    .waitFor();
  await search.fill('');
  await steps()
    .getByRole('textbox', { name: /Go to a line/ })
    .fill('7');
  await page.keyboard.press('Enter');
  await line(7).waitFor();
  await page.waitForURL(/line=7$/);

  const [file] = await Promise.all([page.waitForEvent('download'), steps().getByRole('link', { name: 'raw' }).click()]);
  expect(file.suggestedFilename()).toBe(`job-${id}.txt`);
});

test('a job is cancelled after a question, run again, and forked with another output of a step', async () => {
  const id = await create('stay', { gate: gate('never-made') });
  await openJob(id);
  await steps().getByRole('button', { name: 'Running Hold on' }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Cancel the job' }).click();
  await status('cancelled');

  await page.getByRole('button', { name: 'Re-run' }).click();
  await page.waitForURL((url) => !url.pathname.endsWith(id));
  await info().getByText('re-run of').waitFor();

  await openJob(id, '?step=hold');
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Run again from a step…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Taken over with their output: Prepare').waitFor();
  await writeFile(gate('fork'), '');
  await dialog.getByLabel('gate').fill(gate('fork'));
  await dialog.getByRole('button', { name: 'Start the new job' }).click();
  await page.waitForURL((url) => !url.pathname.endsWith(id));
  await info().getByText('fork of').waitFor();
  await steps().getByText('taken over, did not run here').waitFor();
  expect(await read(id)).toMatchObject({ status: 'CANCELLED' });
});

test('a failed job begins with what went wrong and what can be done, and its file is looked at', async () => {
  const id = await create('break');
  await openJob(id);
  await status('failed');
  const alert = steps().getByRole('alert');
  await alert.getByText('Check it failed').waitFor();
  await page.getByRole('tab', { name: /Attempts/ }).click();
  await page.getByText('Both had the same input.').waitFor();

  await alert.getByRole('button', { name: 'Edit the input and re-run' }).click();
  await page.getByRole('dialog').getByLabel(/Count/).fill('5');
  await page.keyboard.press('Escape');

  await steps()
    .getByRole('button', { name: /Completed Make a page/ })
    .click();
  await page.getByRole('tab', { name: 'Artifacts' }).click();
  await page.getByRole('button', { name: 'page.html', exact: true }).click();
  await page.frameLocator('iframe[title="page.html"]').getByRole('heading', { name: 'Kept' }).waitFor();

  await info().getByRole('button', { name: 'Change the subject' }).click();
  await info().getByRole('textbox', { name: 'Subject' }).fill('acme/checkout');
  await page.keyboard.press('Enter');
  await info().getByText('acme/checkout').waitFor();
  expect(await read(id)).toEqual({ status: 'FAILED', subject: 'acme/checkout' });
});

test.each(['light', 'dark'] as const)('no part of the page keeps anybody out, in the %s theme', async (colorScheme) => {
  await page.emulateMedia({ colorScheme });
  const id = await create('break');
  for (const query of ['', '?view=gantt&tab=attempts', '?view=graph&tab=output', '?view=log&line=1']) {
    await openJob(id, query);
    await status('failed');
    await steps().locator('[aria-current="step"], [data-pick]').first().waitFor();
    expect(await violations(), query).toEqual([]);
  }
});

test('a step whose details could not be read says so, and is decided on after another try', async () => {
  await writeFile(gate('unread'), '');
  const id = await create('stay', { gate: gate('unread') });
  await expect.poll(() => read(id)).toMatchObject({ status: 'WAITING' });
  await page.route('**/graphql', (route) =>
    route.request().postData()?.includes('"StepDetails"') ? route.abort() : route.fallback(),
  );
  await openJob(id);
  const step = page.getByRole('region', { name: 'Step Ask somebody' });
  await step.getByRole('button', { name: 'Try again' }).waitFor();
  await page.unrouteAll();
  await step.getByRole('button', { name: 'Try again' }).click();
  await step.getByRole('button', { name: 'Approve' }).click();
  await status('completed');
  forgive(/ERR_FAILED/);
});

test('an open page goes on by itself when the server comes back', async () => {
  await writeFile(gate('three'), '');
  const id = await create('stay', { gate: gate('three') });
  await openJob(id);
  await steps().getByText('waits for an approval').first().waitFor();
  await restartProduct();
  await product.query(
    'mutation ($id: ID!) { decideApproval(jobId: $id, stepKey: "ask", approve: true) { __typename } }',
    { id },
  );
  await status('completed');
  expect(await read(id)).toMatchObject({ status: 'COMPLETED' });
  forgive(/ERR_|WebSocket|Failed to load/);
});
