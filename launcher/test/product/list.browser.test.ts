/** The job list and the screens around it in a real browser, over the real API; a stand-in takes the place of the workers. */
import { beforeAll, describe, expect, test } from 'vitest';
import { CuttableProxy } from '../../../packages/api/test/cuttable-proxy.ts';
import { api, forgive, open, openPage, page, serveApi, violations } from './web-fixture.ts';

/** More than the list loads at once. */
const FAILED = 64;

serveApi();
openPage('file');
beforeAll(async () => {
  for (let index = 0; index < FAILED; index += 1) {
    const id = await api.newJob({ subject: `order ${index}`, priority: index % 8 === 0 ? 'HIGH' : 'LOW' });
    await api.worker.fail(id, `no route to host ${index}`);
  }
  for (let index = 0; index < 3; index += 1) await api.worker.finish(await api.newJob({ subject: 'site' }));
}, 90_000);

const rows = () => page.locator('[data-row]');
const tab = (name: string) => page.getByRole('navigation', { name: 'Jobs by status' }).getByRole('link', { name });
const bar = () => page.getByRole('region', { name: 'Selected jobs' });

async function countOf(status: string): Promise<number> {
  const { data } = await api.query<{ jobCounts: { status: string; count: number }[] }>(
    '{ jobCounts { status count } }',
  );
  return data.jobCounts.find((counted) => counted.status === status)?.count ?? 0;
}

test('search and filters stand in the URL, can be taken off one by one, and come back with the back button', async () => {
  await open('/jobs');
  await tab(`Failed ${FAILED}`).click();
  await page.getByRole('textbox', { name: 'Search jobs' }).fill('no route to host 1');
  await page.waitForURL(/q=no/);
  // 1 and 10 to 19: what stands in the error is searched as well.
  await tab('Failed 11').waitFor();
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByRole('combobox', { name: 'Priority' }).click();
  await page.getByRole('option', { name: 'High' }).click();
  await page.waitForURL(/priority=HIGH/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await rows().first().waitFor();
  await expect.poll(() => rows().count()).toBe(1);

  await page.getByRole('button', { name: 'Remove the filter: High priority' }).click();
  await expect.poll(() => rows().count()).toBe(11);
  await page.goBack();
  await expect.poll(() => rows().count()).toBe(1);
});

test('a field that has the focus has one ring, also where it is made of several', async () => {
  await open('/jobs');
  await page.getByRole('button', { name: 'Filter' }).click();
  for (const name of ['Workflow', 'Labels']) {
    const field = page.getByRole('combobox', { name });
    // In one go, since the panel puts the focus where it begins some time after it has opened.
    const rings = await field.evaluate((element) => {
      element.focus();
      return [element, element.closest('.mantine-Input-input')].map(
        (part) => part && getComputedStyle(part).outlineStyle,
      );
    });
    expect(rings, name).toEqual(['none', 'solid']);
  }
});

test('the head of a column sorts by it, tells screen readers so, and puts it into the URL', async () => {
  await open('/jobs');
  const head = page.getByRole('columnheader', { name: /^Duration/ });
  await head.getByRole('button', { name: 'Duration' }).click();
  await page.waitForURL(/sort=-duration/);
  await expect.poll(() => head.getAttribute('aria-sort')).toBe('descending');
  await head.getByRole('button', { name: 'Duration' }).click();
  await page.waitForURL(/sort=duration/);
  await expect.poll(() => head.getAttribute('aria-sort')).toBe('ascending');
});

test('the edges of the overview narrow the list by keyboard, and say in words what they stand at', async () => {
  await open('/jobs');
  const from = page.getByRole('slider', { name: 'Jobs made from' });
  await from.focus();
  // Ten bars, so that the edge is not the first bar's again when a minute is over.
  await page.keyboard.press('Shift+ArrowRight');
  await page.waitForURL(/from=/);
  await expect.poll(() => from.getAttribute('aria-valuetext')).toMatch(/^\d\d:\d\d to \d\d:\d\d: (no|\d+) jobs?/);
  await page.keyboard.press('Escape');
  await page.waitForURL((url) => !url.searchParams.has('from'));
});

test('a time that is as long as the overview is given up by Escape as well', async () => {
  await open('/jobs?from=2026-01-01T00:00Z');
  await page.getByRole('slider', { name: 'Jobs made from' }).press('Escape');
  await expect.poll(() => new URL(page.url()).search).toBe('');
});

test('a list is kept under a name on the server, opened again, renamed, and deleted', async () => {
  await open('/jobs?status=failed&priority=HIGH&sort=-duration');
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('textbox', { name: 'Keep this list as' }).fill('Urgent failures');
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await page.getByRole('link', { name: 'Urgent failures' }).waitFor();

  await open('/jobs');
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('link', { name: 'Urgent failures' }).click();
  await page.waitForURL((url) => url.search === '?status=failed&sort=-duration&priority=HIGH');
  await expect.poll(() => rows().count()).toBe(FAILED / 8);

  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('button', { name: 'Rename Urgent failures' }).click();
  await page.getByRole('textbox', { name: 'New name of Urgent failures' }).fill('Look at these');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Look at these' }).waitFor();
  await page.getByRole('button', { name: 'Delete Look at these' }).click();
  await page.getByText('No list is kept yet').waitFor();
});

test('the list is used by keyboard alone: move, select, a range, look inside, open, and back', async () => {
  await open('/jobs');
  await rows().first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Shift+X');
  await bar().getByText('3 selected').waitFor();
  await page.keyboard.press('Escape');
  await bar().waitFor({ state: 'detached' });

  await page.keyboard.press('Space');
  await page.getByRole('log', { name: 'Last lines of the log' }).waitFor();
  await page.keyboard.press('.');
  await page.getByRole('menuitem', { name: 'View' }).waitFor();
  // Escape closes a menu that has the focus, which it is given some time after it has opened.
  await page.locator('[role="menu"] :focus').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });

  const edge = page.getByRole('separator', { name: 'Width of Workflow' });
  await edge.press('Shift+ArrowRight');
  await expect.poll(() => edge.getAttribute('aria-valuetext')).toMatch(/^\d+ pixels$/);
  await edge.press('Enter');
  await expect.poll(() => edge.getAttribute('aria-valuetext')).toBe('by itself');

  await page.keyboard.press('/');
  await page.keyboard.type('site');
  await expect.poll(() => rows().count()).toBe(3);
  await page.keyboard.press('Tab');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/jobs\/[0-9a-f-]{36}/);
  await page.goBack();
  await page.waitForURL(/q=site/);
  await rows().first().waitFor();
});

test('all that match are retried beyond what is loaded, after a look at what that means, and it is taken back', async () => {
  await open('/jobs?status=failed');
  await rows().first().waitFor();
  await page.getByRole('checkbox', { name: 'Select all loaded jobs' }).click();
  await bar()
    .getByRole('button', { name: `Select all ${FAILED} that match` })
    .click();
  await bar().getByText(`${FAILED} selected`).waitFor();
  await bar()
    .getByRole('button', { name: `Retry ${FAILED}` })
    .click();
  const dialog = page.getByRole('dialog', { name: `Retry ${FAILED} jobs?` });
  await dialog.getByText(`and ${FAILED - 5} more`).waitFor();
  await dialog.getByRole('button', { name: `Retry ${FAILED} jobs` }).click();
  // A notice goes away by itself, but not while it is pointed at.
  await page.getByText(`${FAILED} jobs queued again`).hover();
  expect(await countOf('QUEUED')).toBe(FAILED);
  await tab('Failed 0').waitFor();

  await page.getByRole('button', { name: 'Cancel them' }).click();
  await page.getByText(`${FAILED} jobs asked to stop`).waitFor();
  expect(await countOf('CANCELLED')).toBe(FAILED);
});

test('what selected jobs do not allow is told before anything is done', async () => {
  await open('/jobs');
  await tab('Cancelled 64').waitFor();
  await rows().first().waitFor();
  const boxes = page.getByRole('checkbox', { name: /^Select demo/ });
  await boxes.nth(0).click();
  await boxes.nth(4).click({ modifiers: ['Shift'] });
  // The three newest are completed.
  await bar().getByRole('button', { name: 'Retry 2' }).click();
  const dialog = page.getByRole('dialog', { name: 'Retry 2 jobs?' });
  await dialog.getByText('3 jobs will stay as they are').waitFor();
  await dialog.getByText('A job that is COMPLETED').waitFor();
  await dialog.getByRole('button', { name: 'Keep them' }).click();
  expect(await countOf('QUEUED')).toBe(0);
});

test('many jobs that finish together leave the running ones, and every count agrees', async () => {
  await open('/jobs?status=running');
  await tab('Running 0').waitFor();
  const ids = await Promise.all(Array.from({ length: 24 }, () => api.newJob({ subject: 'together' })));
  const claimed = await Promise.all(ids.map((id) => api.worker.claim(id)));
  await tab(`Running ${ids.length}`).waitFor();
  await expect.poll(() => rows().count()).toBeGreaterThan(10);
  await Promise.all(claimed.map((job) => api.worker.settle(job, { status: 'COMPLETED', output: {}, error: null }, 2)));
  await tab('Running 0').waitFor();
  await page.getByText('No running jobs').waitFor();
  await tab(`Completed ${3 + ids.length}`).waitFor();
});

test('new jobs wait while somebody reads further down, and come when they are asked for', async () => {
  await open('/jobs');
  await rows().first().waitFor();
  const grid = page.getByRole('grid', { name: 'Jobs' });
  const drawnFirst = () => rows().first().getAttribute('data-row');
  const newest = await drawnFirst();
  await grid.evaluate((scroller) => scroller.scrollTo(0, 600));
  await expect.poll(drawnFirst).not.toBe(newest);
  const first = await drawnFirst();
  await api.newJob({ subject: 'fresh' });
  await api.newJob({ subject: 'fresh' });
  await page.getByRole('button', { name: '2 new jobs' }).waitFor();
  expect(await drawnFirst()).toBe(first);
  // They are queued: when nothing was heard of them for a while the list is read again, which is no reason to move.
  await page.waitForResponse((answer) => answer.request().postData()?.includes('"JobsPage"') ?? false);
  await page.locator('[role="grid"][aria-busy="false"]').waitFor();
  expect(await drawnFirst()).toBe(first);
  await page.getByRole('button', { name: '2 new jobs' }).click();
  await page.getByText('fresh').first().waitFor();
});

test('while it is cut off the list stays and says so, and then makes up for what it missed', async () => {
  const network = new CuttableProxy(api.url);
  await network.open();
  const ids = [await api.newJob({ subject: 'cut off' }), await api.newJob({ subject: 'cut off' })];
  await page.goto(new URL('/jobs?q=cut+off', network.url).href);
  await tab('Queued 2').waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await expect.poll(() => rows().count()).toBe(2);
  await network.cut();
  await page.getByText(/^Reconnecting/).waitFor();
  expect(await rows().count()).toBe(2);
  for (const id of ids) await api.worker.finish(id);
  await network.open();
  await tab('Queued 0').waitFor();
  await tab('Completed 2').waitFor();
  await expect.poll(() => rows().getByText('Completed').count()).toBe(2);
  await open('/jobs');
  await network.cut();
  forgive(/ERR_|WebSocket/);
});

describe('no rule of accessibility is broken, in either theme', () => {
  test.each([
    ['the list, with jobs selected', () => '/jobs', selectTwo],
    [
      'workers and queues',
      () => '/workers',
      () => page.getByRole('heading', { name: 'Queues', exact: true }).waitFor(),
    ],
    ['statistics', () => '/statistics', () => page.getByRole('table').last().waitFor()],
    ['jobs side by side', compared, () => page.getByText('Output').first().waitFor()],
  ] satisfies [string, () => string | Promise<string>, () => Promise<void>][])('%s', async (_name, path, ready) => {
    // Fewer rows say the same in less time.
    await page.setViewportSize({ width: 1440, height: 620 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await open(await path());
      await ready();
      expect(await violations(), colorScheme).toEqual([]);
    }
  });

  async function selectTwo(): Promise<void> {
    const boxes = page.getByRole('checkbox', { name: /^Select demo/ });
    await boxes.nth(0).click();
    await boxes.nth(1).click();
    await bar().waitFor();
  }

  async function compared(): Promise<string> {
    const { data } = await api.query<{ jobs: { edges: { node: { id: string } }[] } }>(
      '{ jobs(first: 2) { edges { node { id } } } }',
    );
    return `/compare?ids=${data.jobs.edges.map(({ node }) => node.id).join()}`;
  }
});
