import { expect, test } from 'vitest';
import { sampleRepository } from './running-product.ts';
import { folder, open, openPage, page, serveProduct } from './web-fixture.ts';

serveProduct();
openPage('file');

test('a person creates a repository report with the keyboard and watches it to its output', async () => {
  const repository = await sampleRepository(folder);
  await open('/');
  // Told when the keys are heard as well.
  await page.getByText('Live', { exact: true }).waitFor();
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Workflow' }).fill('repository');
  await page.getByRole('option', { name: /repository-report/ }).click();
  await dialog.getByLabel(/^Repository/).fill(repository);
  await dialog.getByRole('button', { name: /Start job/ }).click();

  await page.waitForURL(/\/jobs\/[0-9a-f-]{36}/);
  const timeline = page.getByRole('region', { name: 'Steps' });
  for (const step of [
    'Inspect the checkout',
    'Read the history',
    'Count languages and lines',
    'Write the report',
    'Summarise',
  ]) {
    await timeline.getByText(step).first().waitFor();
  }
  await page.getByRole('region', { name: 'Job' }).getByText('Completed').first().waitFor();

  await timeline.getByRole('button', { name: 'Completed Write the report' }).click();
  await page.getByText('| TypeScript | 1 | 2 |').first().waitFor();
  await page.getByRole('tab', { name: 'Output' }).click();
  await page.getByText('# repo at').first().waitFor();
  await expect.poll(() => page.title()).toContain(' completed ');
});

test('an id that does not exist leads to a page that says so and back to the list', async () => {
  await open('/jobs/00000000-0000-7000-8000-00000000dead');
  await page.getByRole('heading', { name: 'There is no such job' }).waitFor();
  await page.getByRole('main').getByRole('link', { name: /jobs/i }).click();
  await page.waitForURL(/\/jobs$/);
  await page.getByText('repository-report').first().waitFor();
  await expect.poll(() => page.title()).toContain('Jobs');
});

test('a schedule that is made in the dialog makes its job, which says so', async () => {
  await open('/workflows/simulated-pipeline');
  await page.getByRole('link', { name: 'Schedule…' }).click();
  const dialog = page.getByRole('dialog', { name: 'New schedule' });
  await dialog.getByLabel('Name').fill('Again and again');
  await dialog.getByText('Cron', { exact: true }).click();
  await dialog.getByLabel('Pattern').fill('30 6 * * nobody');
  await dialog.getByText('This is no cron pattern').waitFor();
  await dialog.getByLabel('Pattern').fill('30 6 * * 1-5');
  await dialog.getByText('At 06:30, Monday through Friday').waitFor();
  await expect.poll(() => dialog.getByRole('region', { name: 'When' }).getByRole('listitem').count()).toBe(5);

  await dialog.getByText('Every', { exact: true }).click();
  await dialog.getByLabel('Pause', { exact: true }).fill('10');
  await dialog.getByLabel('Unit of the pause').selectOption('seconds');
  await dialog.getByLabel('Counted from').fill('2026-01-01T00:00');
  await dialog.getByLabel(/stage/i).first().fill('100ms');
  await page.keyboard.press('Control+Enter');

  const row = page.getByRole('row', { name: /Again and again/ });
  await row.getByText('Every 10 seconds').waitFor();
  // No reload: the mark of its job appears by itself.
  await row
    .getByRole('link', { name: /^(Queued|Running|Completed), / })
    .first()
    .click();
  await page.waitForURL(/\/jobs\/[0-9a-f-]{36}/);
  await page.getByRole('region', { name: 'Job' }).getByRole('link', { name: 'Again and again' }).click();
  await page.getByRole('switch', { name: 'Again and again is on' }).click();
  await row.getByText('off', { exact: true }).waitFor();
});
