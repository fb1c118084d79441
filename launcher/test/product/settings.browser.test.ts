/** The settings in a real browser, over the real API with authentication on. */
import { randomBytes } from 'node:crypto';
import { queueDeliveries } from '@signalbox/db/webhook-deliveries';
import { expect, test } from 'vitest';
import { api, open, openPage, page, serveApi, violations } from './web-fixture.ts';

serveApi({ auth: { mode: 'token' }, secretsKeys: [randomBytes(32).toString('base64')] });
openPage('test');

const dialog = (name: string) => page.getByRole('dialog', { name });
const rowOf = (name: RegExp) => page.getByRole('row', { name });

async function signIn(scope: 'READ' | 'ADMIN', to: string): Promise<string> {
  const text = await api.newToken(scope, { name: 'Ada' });
  await open(`/login?to=${encodeURIComponent(to)}`);
  await page.getByLabel('API token').fill(text);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname + url.search === to);
  return text;
}

async function statusWith(token: string): Promise<number> {
  return (await api.queryAs(token, '{ viewer { name } }')).status;
}

test('a token is made, shown once, lets its bearer do what it says and no more, and is refused once it is revoked', async () => {
  await signIn('ADMIN', '/settings');
  await page.getByRole('button', { name: 'New token' }).click();
  await dialog('New API token').getByRole('button', { name: 'Make the token' }).click();
  await dialog('New API token').getByText('Say which program or person uses it.').waitFor();
  await dialog('New API token').locator('[aria-invalid="true"]:focus').waitFor();
  await page.keyboard.type('Nightly build');
  await dialog('New API token').getByLabel('Operator').check();
  await dialog('New API token').getByLabel('Ends').selectOption('in 30 days');
  await page.keyboard.press('Control+Enter');

  const shown = dialog('The token');
  const text = await shown.getByLabel('API token').inputValue();
  expect(text).toMatch(/^sbx_api_/);
  await shown.getByText('shown this once').waitFor();
  await page.keyboard.press('Escape');
  await page.evaluate(() => history.back());
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await shown.getByRole('button', { name: 'Copy' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(text);
  await shown.getByRole('button', { name: 'I have kept it' }).click();
  await shown.waitFor({ state: 'detached' });

  const row = rowOf(/Nightly build/);
  await row.getByText('Valid').waitFor();
  await row.getByText('Operator').waitFor();
  await row.getByText('in 29 d').waitFor();
  expect(await page.content()).not.toContain(text);
  const { data } = await api.queryAs<{ viewer: object }>(text, '{ viewer { name scopes } }');
  expect(data.viewer).toEqual({ name: 'Nightly build', scopes: ['READ', 'OPERATE'] });

  await row.getByRole('button', { name: 'Revoke Nightly build' }).click();
  await dialog('Revoke this token?').getByRole('button', { name: 'Keep it' }).click();
  expect(await statusWith(text)).toBe(200);
  await row.getByRole('button', { name: 'Revoke Nightly build' }).click();
  await dialog('Revoke this token?').getByRole('button', { name: 'Revoke the token' }).click();
  await row.getByText('Revoked').waitFor();
  expect(await row.getByRole('button').count()).toBe(0);
  expect(await statusWith(text)).toBe(401);
});

test('more tokens than a page holds are shown when they are asked for', async () => {
  for (let number = 0; number < 60; number += 1) await api.newToken('READ', { name: `many ${number}` });
  await signIn('ADMIN', '/settings');
  await rowOf(/many 59/).waitFor();
  expect(await rowOf(/many 0 /).count()).toBe(0);
  await page.getByRole('button', { name: /^\d+ more$/ }).click();
  await rowOf(/many 0 /).waitFor();
});

test('a webhook is made with its secret shown once, changed, switched off, and deleted after a question', async () => {
  await signIn('ADMIN', '/settings?tab=webhooks');
  await page.getByRole('button', { name: 'New webhook' }).click();
  const form = dialog('New webhook');
  await form.getByLabel('Address').fill('ftp://hooks.example.com');
  await page.keyboard.press('Control+Enter');
  await form.getByText('It must be an address with http:// or https://').waitFor();
  await form.getByLabel('Address').fill('https://hooks.example.com/signalbox');
  await form.getByRole('combobox', { name: 'States that are told' }).click();
  await page.getByRole('option', { name: 'Failed' }).click();
  await page.keyboard.press('Escape');
  await form.getByRole('combobox', { name: /^Workflows/ }).fill('dem');
  await page.getByRole('option', { name: 'demo' }).click();
  await form.getByRole('button', { name: 'Make the webhook' }).click();
  const shown = dialog('The secret of the webhook');
  expect(await shown.getByLabel('Secret').inputValue()).toMatch(/^whsec_/);
  await shown.getByRole('button', { name: 'I have kept it' }).click();

  const row = rowOf(/hooks\.example\.com/);
  await row.getByText('of demo').waitFor();
  await row.getByText('none yet').waitFor();
  const id = await api.newJob();
  await api.worker.fail(id, 'no route to host');
  // As an executor does, which queues messages some time after the page has heard of the change and read them again.
  await page.waitForResponse((answer) => answer.request().postData()?.includes('"Webhooks"') ?? false);
  await queueDeliveries(api.services.db);
  // No reload: that there is a message is shown by itself.
  await row.getByText('To be sent').waitFor();
  await row.getByRole('button', { name: /^Show the last messages/ }).click();
  await page
    .getByRole('list', { name: /^The last messages to/ })
    .getByRole('link', { name: /^Job / })
    .waitFor();
  await row.getByRole('button', { name: /^Edit/ }).click();
  await dialog('Edit the webhook').getByLabel('Address').fill('https://hooks.example.com/other');
  await page.keyboard.press('Control+Enter');
  await row.getByText('/other').waitFor();
  await row.getByRole('switch').click();
  const webhooks = async () => {
    const admin = await api.newToken('ADMIN');
    return (await api.queryAs<{ webhooks: object[] }>(admin, '{ webhooks { url statuses workflows active } }')).data
      .webhooks;
  };
  const kept = { url: 'https://hooks.example.com/other', statuses: ['FAILED'], workflows: ['demo'], active: false };
  await expect.poll(webhooks).toEqual([kept]);

  await row.getByRole('button', { name: /^Delete/ }).click();
  await dialog('Delete this webhook?').getByRole('button', { name: 'Delete the webhook' }).click();
  await page.getByRole('heading', { name: 'No webhooks yet' }).waitFor();
  expect(await webhooks()).toEqual([]);
});

test('whoever may not administer is told so and sees none of it', async () => {
  await signIn('READ', '/settings?tab=webhooks');
  await page.getByRole('heading', { name: 'You may not see webhooks' }).waitFor();
  await page.getByRole('tab', { name: 'API tokens' }).click();
  await page.getByRole('heading', { name: 'You may not see API tokens' }).waitFor();
  expect(await page.getByRole('table').count()).toBe(0);
});

test('the settings are reached from the header, the account and the palette, and their tabs by the arrow keys', async () => {
  await signIn('ADMIN', '/workflows');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('tab', { name: 'API tokens', selected: true }).focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForURL(/\/settings\?tab=webhooks$/);
  await page.getByRole('tab', { name: 'Webhooks', selected: true }).waitFor();
  await page.goBack();
  await page.getByRole('tab', { name: 'API tokens', selected: true }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('textbox', { name: 'Search', exact: true }).fill('new webhook');
  await page.keyboard.press('Enter');
  await dialog('New webhook').waitFor();
  await page.keyboard.press('Escape');
  await open('/workflows');
  await page.getByRole('button', { name: 'Account: Ada' }).click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await page.waitForURL(/\/settings$/);
  await expect.poll(() => page.title()).toBe('API tokens · Signalbox');
});

test.each(['light', 'dark'] as const)('axe finds nothing wrong with the settings, %s', async (colorScheme) => {
  await page.emulateMedia({ colorScheme });
  await signIn('ADMIN', '/settings');
  await rowOf(/Ada/).first().waitFor();
  expect(await violations()).toEqual([]);
  await open('/settings?create');
  await dialog('New API token').getByLabel('Name').fill(`axe ${colorScheme}`);
  expect(await violations('[role="dialog"]')).toEqual([]);
  await page.keyboard.press('Control+Enter');
  await dialog('The token').waitFor();
  expect(await violations('[role="dialog"]')).toEqual([]);
  await open('/settings?tab=webhooks&create');
  await dialog('New webhook').getByLabel('Address').fill('https://hooks.example.com/axe');
  expect(await violations('[role="dialog"]')).toEqual([]);
  await page.keyboard.press('Control+Enter');
  await dialog('The secret of the webhook').getByRole('button', { name: 'I have kept it' }).click();
  await page
    .getByRole('button', { name: /^Show the last messages/ })
    .first()
    .click();
  expect(await violations()).toEqual([]);
});
