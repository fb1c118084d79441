/** The real pages and API in a real browser, with authentication on; nothing else is started. */
import { fileURLToPath } from 'node:url';
import { revokeApiToken } from '@signalbox/db/api-tokens';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture, TENANT } from '../../../packages/api/test/fixture.ts';
import { findBrowser } from '../browser.ts';

const WEB_FOLDER = fileURLToPath(new URL('../../../packages/web/dist', import.meta.url));

let api: ApiFixture;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const [started, found] = await Promise.all([
    createApiFixture({ auth: { mode: 'token' }, webFolder: WEB_FOLDER }),
    findBrowser(),
  ]);
  api = started;
  browser = await chromium.launch(found);
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await api?.close();
});

async function signIn(text: string): Promise<void> {
  await page.getByLabel('API token').fill(text);
  await page.keyboard.press('Enter');
}

test('whoever is not signed in comes to the login page, and from there to the page that was asked for', async () => {
  await page.goto(`${api.url}/workflows?search=report`);
  await page.getByRole('heading', { name: 'Sign in to Signalbox' }).waitFor();
  await signIn('sbx_api_wrong');
  await page.getByText('This is no API token').waitFor();
  await signIn(await api.newToken('OPERATE', { name: 'Ada Lovelace' }));
  await page.waitForURL('**/workflows?search=report');
  await page.getByRole('button', { name: 'Account: Ada Lovelace' }).click();
  await page.getByRole('menu').getByText('Operator').waitFor();
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
  await page.getByRole('heading', { name: 'Sign in to Signalbox' }).waitFor();
  await page.goto(`${api.url}/jobs`);
  await page.waitForURL('**/login?to=%2Fjobs');
});

test('whoever may only look is told so, and is led out when the token is revoked', async () => {
  await page.goto(`${api.url}/login?to=/jobs`);
  await signIn(await api.newToken('READ', { name: 'Guest' }));
  const create = page.getByRole('button', { name: /New job/ }).first();
  await create.click();
  const dialog = page.getByRole('dialog', { name: 'You may not create jobs' });
  await dialog.getByText('Guest has those of “Read only”').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  const { rows } = await api.services.db.pool.query<{ id: string }>(`SELECT id FROM api_token WHERE name = 'Guest'`);
  await revokeApiToken(api.services.db, TENANT, rows[0]?.id ?? '', 'test');
  // The page waits for changes on a socket: it hears by itself.
  await page.waitForURL('**/login?to=%2Fjobs');
  expect(await page.getByLabel('API token').isVisible()).toBe(true);
});
