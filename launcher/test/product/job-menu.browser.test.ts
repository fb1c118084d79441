/** What the job page does besides watching, in a real browser over the real API; a stand-in takes the place of the workers. */
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
