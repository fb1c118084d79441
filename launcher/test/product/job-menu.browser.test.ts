/** What the job page does besides watching, in a real browser over the real API; a stand-in takes the place of the workers. */
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { api, context, open, openPage, page, serveApi } from './web-fixture.ts';

/** More lines than the page keeps of a log. */
const KEPT = 6_000;

serveApi();
openPage('test');

const openJob = (id: string) => open(`/jobs/${id}`);

async function chooseFromMenu(name: string): Promise<void> {
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name }).click();
}

/** Keeps the titles of the notifications that the page shows. */
async function keepNotifications(): Promise<void> {
  await page.addInitScript(() => {
    const titles: string[] = [];
    Object.assign(window, { titles });
    window.Notification = new Proxy(Notification, {
      construct(target, [title, options]) {
        titles.push(title);
        return new target(title, options);
      },
    });
  });
}

const titles = () => page.evaluate(() => ('titles' in window ? window.titles : undefined));

test('the browser tells of the end of a job when it was asked to, and not after that was taken back', async () => {
  await context.grantPermissions(['notifications'], { origin: api.url });
  await keepNotifications();
  const [told, untold] = [await api.newJob(), await api.newJob()];
  await openJob(untold);
  await page.getByRole('button', { name: 'Notify me when it ends' }).click();
  await page.getByText('You will be told').waitFor();
  await page.getByRole('button', { name: 'The browser tells when it ends. Click not to be told' }).click();
  await page.getByRole('button', { name: 'Notify me when it ends' }).waitFor();
  await api.worker.finish(untold);
  await page.waitForFunction(() => document.title.includes(' completed '));

  // Within the app, so that what was asked for goes on while the reader is elsewhere.
  await page.getByRole('link', { name: 'Jobs', exact: true }).first().click();
  await page.locator(`[data-row="${told}"]`).click();
  await page.getByRole('button', { name: 'Notify me when it ends' }).click();
  await page.getByRole('link', { name: 'Workflows', exact: true }).click();
  await page.waitForURL(/\/workflows$/);
  await api.worker.finish(told);
  await expect.poll(titles).toEqual(['Demo report: completed']);
});

test('where the browser may not notify, the page says so and what to do', async () => {
  await openJob(await api.newJob());
  await page.evaluate(() => {
    Notification.requestPermission = async () => 'denied';
  });
  await page.getByRole('button', { name: 'Notify me when it ends' }).click();
  await page.getByText('The browser may not notify you').waitFor();
  expect(await page.getByRole('button', { name: 'Notify me when it ends' }).getAttribute('aria-pressed')).toBe('false');
});

test('a fork is started with another output of a step that is taken over', async () => {
  const id = await api.newJob();
  const job = await api.worker.claim(id);
  await api.worker.start(job, 'history');
  await api.worker.complete(job, 'history', { commits: 3 }, 1);
  await api.worker.settle(job, { status: 'CANCELLED', output: null, error: null }, 1);

  await openJob(id);
  await chooseFromMenu('Run again from a step…');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'First step that runs again' }).click();
  await page.getByRole('option', { name: 'summary' }).click();
  await dialog.getByText('Taken over with their output: Read the history').waitFor();
  await dialog.getByRole('combobox', { name: 'Give a step that is taken over another output' }).click();
  await page.getByRole('option', { name: /Read the history/ }).click();
  const outputs = dialog.getByRole('textbox', { name: 'Outputs by steps as JSON' });
  await outputs.getByText('"commits"').waitFor();
  async function write(text: string): Promise<void> {
    await outputs.click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.press('Delete');
    await page.keyboard.type(text);
  }

  await write('{ "history": { "commits": ');
  await dialog.getByRole('button', { name: 'Start the new job' }).click();
  await dialog
    .getByRole('alert')
    .getByText(/^Other outputs: /)
    .waitFor();
  await write('{ "history": { "commits": 99 } }');
  await dialog.getByRole('button', { name: 'Start the new job' }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/jobs/') && !url.pathname.endsWith(id));

  const fork = new URL(page.url()).pathname.split('/').at(-1);
  const { data } = await api.query<{ job: { step: { status: string; output: unknown } } }>(
    'query ($id: ID!) { job(id: $id) { step(key: "history") { status output } } }',
    { id: fork },
  );
  expect(data.job.step).toEqual({ status: 'COMPLETED', output: { commits: 99 } });
});

test('a job is deleted from its page after a question, and the list is there without it', async () => {
  const [kept, gone] = [await api.newJob({ subject: 'kept' }), await api.newJob({ subject: 'gone' })];
  await api.worker.finish(gone);
  await openJob(gone);
  await chooseFromMenu('Delete');
  await page.getByRole('dialog', { name: 'Delete this job?' }).getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await chooseFromMenu('Delete');
  await page.getByRole('button', { name: 'Delete the job' }).click();
  await page.waitForURL(/\/jobs$/);
  await page.getByText('Deleted', { exact: true }).waitFor();
  await page.locator(`[data-row="${kept}"]`).waitFor();
  expect(await page.locator(`[data-row="${gone}"]`).count()).toBe(0);
  const { data } = await api.query<{ job: unknown }>('query ($id: ID!) { job(id: $id) { id } }', { id: gone });
  expect(data.job).toBeNull();
});

test('a log is followed beyond what the page keeps of it, until the reader scrolls up', async () => {
  const job = await api.worker.claim(await api.newJob());
  await api.worker.start(job, 'history');
  let written = 0;
  async function write(count: number): Promise<void> {
    const lines = Array.from({ length: count }, (_, index) => `line ${written + index + 1}, as long as lines are`);
    written += count;
    await api.worker.log(job, lines, 'history');
  }
  const line = (seq: number) => page.locator(`[data-pick="${seq}"]`);

  await write(50);
  await openJob(job.id);
  await line(50).waitFor();
  while (written < KEPT + 1_500) await write(250);
  await line(written).waitFor();
  await write(10);
  await line(written).waitFor();

  await page.getByRole('log', { name: 'Log' }).hover();
  await page.mouse.wheel(0, -600);
  await page.getByRole('button', { name: 'Jump to latest' }).waitFor();
  const stayed = written;
  await write(300);
  await page.getByText(`${written.toLocaleString('en')} lines`).waitFor();
  expect(await line(written).count()).toBe(0);
  await page.getByRole('button', { name: 'Jump to latest' }).click();
  await line(written).waitFor();
  expect(written).toBeGreaterThan(stayed);
});

test('a line that the address names, and a word that is looked for, are shown as soon as they are written', async () => {
  const job = await api.worker.claim(await api.newJob());
  await api.worker.start(job, 'history');
  const log = (from: number, to: number, words = 'line') =>
    api.worker.log(
      job,
      Array.from({ length: to - from + 1 }, (_, index) => `${words} ${from + index}`),
      'history',
    );
  // The panel of the step has a log as well.
  const steps = page.getByRole('region', { name: 'Steps', exact: true });
  const line = (seq: number) => steps.locator(`[data-pick="${seq}"]`);

  await open(`/jobs/${job.id}?view=log&line=40`);
  await steps.getByText('No lines yet').waitFor();
  await log(1, 30);
  await line(30).waitFor();
  await log(31, 400);
  await steps.locator('[data-picked] [data-pick="40"]').waitFor();
  await steps.getByRole('button', { name: 'Jump to latest' }).click();
  await line(400).waitFor();

  await steps.getByRole('textbox', { name: 'Search in the log' }).fill('needle');
  await steps.getByText('no match', { exact: true }).waitFor();
  await log(401, 401, 'needle');
  await log(402, 800);
  await steps.getByText('1 of 1', { exact: true }).waitFor();
  await expect.poll(() => steps.locator('[data-found]').getByText('needle').count()).toBe(1);
});

test('Escape closes what is open before it leaves the page, and leads to the list as it was searched', async () => {
  const id = await api.newJob({ subject: 'way back' });
  await open('/jobs?q=way');
  await page.locator(`[data-row="${id}"]`).click();
  await page.getByRole('button', { name: 'More actions' }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(new URL(page.url()).pathname).toBe(`/jobs/${id}`);
  await page.keyboard.press('Escape');
  await page.waitForURL(/\/jobs\?q=way$/);
});

/** Holds a request back until what comes out is called. */
async function hold(words: RegExp): Promise<{ release: () => void; asked: Promise<void>; sent: string[] }> {
  const [asked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const sent: string[] = [];
  await page.route('**/graphql', async (route) => {
    const body = route.request().postData() ?? '';
    if (words.test(body)) {
      sent.push(body);
      asked.resolve();
      await released.promise;
    }
    await route.continue();
  });
  return { release: released.resolve, asked: asked.promise, sent };
}

test('a double click on Re-run makes one job', async () => {
  const id = await api.newJob();
  await api.worker.finish(id);
  await openJob(id);
  const held = await hold(/"RerunJob"/);
  await page.getByRole('button', { name: 'Re-run', exact: true }).dblclick();
  await held.asked;
  held.release();
  await page.waitForURL((url) => url.pathname.startsWith('/jobs/') && !url.pathname.endsWith(id));
  await page.getByRole('button', { name: 'Cancel' }).waitFor();
  expect(held.sent).toHaveLength(1);
});

test('the counts of an earlier search do not take the place of those of the present one', async () => {
  for (const subject of ['oak', 'oak', 'elm']) await api.newJob({ subject });
  await open('/jobs');
  const all = page.getByRole('navigation', { name: 'Jobs by status' }).getByRole('link', { name: 'All' });
  const held = await hold(/"JobCounts".*"oak"/s);
  const search = page.getByRole('textbox', { name: 'Search jobs' });
  await search.fill('oak');
  await held.asked;
  await search.fill('elm');
  await all.filter({ hasText: /^All1$/ }).waitFor();
  const late = page.waitForResponse((answer) => /"JobCounts".*"oak"/s.test(answer.request().postData() ?? ''));
  held.release();
  await (await late).finished();
  // Two frames later whatever comes of it is on the screen.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  expect(await all.textContent()).toBe('All1');
});

async function beginJob(): Promise<Locator> {
  await open('/jobs');
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Workflow' }).click();
  await page.getByRole('option', { name: /Demo report/ }).click();
  await dialog.getByRole('textbox', { name: /repository/ }).fill('.');
  return dialog;
}

test('a label that is still being typed goes along with the job that is sent by keyboard', async () => {
  const dialog = await beginJob();
  await dialog.getByRole('combobox', { name: 'Labels' }).fill('nightly');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/jobs\/\w/);
  const id = new URL(page.url()).pathname.split('/').at(-1);
  const { data } = await api.query<{ job: { labels: string[] } }>('query ($id: ID!) { job(id: $id) { labels } }', {
    id,
  });
  expect(data.job.labels).toEqual(['nightly']);
});

test('going back after a job was made leads to the page that it was begun on, without the dialog', async () => {
  const dialog = await beginJob();
  await dialog.getByRole('button', { name: /^Start job/ }).click();
  await page.waitForURL(/\/jobs\/\w/);
  await page.goBack();
  await page.waitForURL(/\/jobs$/);
  expect(await page.getByRole('dialog').count()).toBe(0);
});

test('on a phone, whoever scrolls through the steps of a running job stays with them', async () => {
  await page.setViewportSize({ width: 400, height: 800 });
  const job = await api.worker.claim(await api.newJob());
  await api.worker.start(job, 'history');
  await openJob(job.id);
  await page.getByRole('button', { name: 'Running Read the history' }).hover();
  await page.mouse.wheel(0, 100);
  await page.waitForURL(/step=history/);
  expect(new URL(page.url()).searchParams.has('panel')).toBe(false);
});
