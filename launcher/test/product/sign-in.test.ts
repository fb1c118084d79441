import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findBrowser } from '../browser.ts';
import { type RunningProduct, startProduct, temporaryFolder } from './running-product.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let product: RunningProduct;
let browser: Browser;
let page: Page;

/** What `npm run token` does, on the running product. */
async function token(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['launcher/src/access-command.ts', 'token', ...args], {
    env: { PATH: process.env.PATH, SIGNALBOX_DATA_DIR: `${folder.path}/data` },
  });
  return stdout.trim();
}

beforeAll(async () => {
  folder = await temporaryFolder();
  const env = { SIGNALBOX_AUTH: 'token' };
  const [started, found] = await Promise.all([startProduct({ dataDir: `${folder.path}/data`, env }), findBrowser()]);
  product = started;
  browser = await chromium.launch(found);
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  await folder?.remove();
});

async function signIn(text: string): Promise<void> {
  await page.getByLabel('API token').fill(text);
  await page.keyboard.press('Enter');
}

test('whoever is not signed in comes to the login page, and from there to the page that was asked for', async () => {
  await page.goto(`${product.address}/workflows?search=report`);
  await page.getByRole('heading', { name: 'Sign in to Signalbox' }).waitFor();
  await signIn('sbx_api_wrong');
  await page.getByText('This is no API token').waitFor();
  await signIn(await token('create', 'Ada Lovelace', 'scope=operate'));
  await page.waitForURL('**/workflows?search=report');
  await page.getByRole('button', { name: 'Account: Ada Lovelace' }).click();
  await page.getByRole('menu').getByText('Operator').waitFor();
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
  await page.getByRole('heading', { name: 'Sign in to Signalbox' }).waitFor();
  await page.goto(`${product.address}/jobs`);
  await page.waitForURL('**/login?to=%2Fjobs');
});

test('whoever may only look is told so, and is led out when the token is revoked', async () => {
  await page.goto(`${product.address}/login?to=/jobs`);
  await signIn(await token('create', 'Guest', 'scope=read'));
  const create = page.getByRole('button', { name: /New job/ }).first();
  await create.click();
  const dialog = page.getByRole('dialog', { name: 'You may not create jobs' });
  await dialog.getByText('Guest has those of “Read only”').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  const [id = ''] =
    (await token('list'))
      .split('\n')
      .find((line) => line.endsWith('Guest'))
      ?.split(' ') ?? [];
  await token('revoke', id);
  // The page waits for changes on a socket: it hears by itself.
  await page.waitForURL('**/login?to=%2Fjobs');
  expect(await page.getByLabel('API token').isVisible()).toBe(true);
});
