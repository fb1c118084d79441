/** The real API process and its pages in a real browser, with authentication on; no executor is needed for that. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type AccessScope, createApiToken, revokeApiToken } from '@signalbox/db/api-tokens';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../prisma/test/database.ts';
import { forgive, openPage, page } from './web-fixture.ts';

let database: TestDatabase;
let pool: pg.Pool;
let api: ChildProcess;
let address: string;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url });
  api = spawn(process.execPath, [fileURLToPath(import.meta.resolve('@signalbox/api/main'))], {
    env: { ...process.env, DATABASE_URL: database.url, PORT: '0', SIGNALBOX_AUTH: 'token' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [ready] = await once(api, 'message');
  address = (ready as { url: string }).url;
}, 120_000);
afterAll(async () => {
  const ended = once(api, 'exit');
  api.kill();
  await ended;
  await pool.end();
  await database.drop();
});

openPage('file');

function newToken(name: string, scope: AccessScope) {
  return createApiToken({ pool }, { tenantId: DEFAULT_TENANT_ID, name, scope, createdBy: 'test' });
}

async function signIn(text: string): Promise<void> {
  await page.getByLabel('API token').fill(text);
  await page.keyboard.press('Enter');
}

test('whoever is not signed in comes to the login page, and from there to the page that was asked for', async () => {
  await page.goto(`${address}/workflows?search=report`);
  await page.getByRole('heading', { name: 'Sign in to Signalbox' }).waitFor();
  await signIn('sbx_api_wrong');
  await page.getByText('This is no API token').waitFor();
  await signIn((await newToken('Ada Lovelace', 'OPERATE')).text);
  await page.waitForURL('**/workflows?search=report');
  await page.getByRole('button', { name: 'Account: Ada Lovelace' }).click();
  await page.getByRole('menu').getByText('Operator').waitFor();
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
  await page.getByRole('heading', { name: 'Sign in to Signalbox' }).waitFor();
  await page.goto(`${address}/jobs`);
  await page.waitForURL('**/login?to=%2Fjobs');
  await page.getByRole('heading', { name: 'Sign in to Signalbox' }).waitFor();
  await expect.poll(() => page.title()).toBe('Sign in · Signalbox');
  forgive(/status of 401/);
});

test('whoever may only look is told so, and is led out when the token is revoked', async () => {
  await page.goto(`${address}/login?to=/jobs`);
  const { text, token } = await newToken('Guest', 'READ');
  await signIn(text);
  const create = page.getByRole('button', { name: /New job/ }).first();
  await create.click();
  const dialog = page.getByRole('dialog', { name: 'You may not create jobs' });
  await dialog.getByText('Guest has those of “Read only”').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await revokeApiToken({ pool }, DEFAULT_TENANT_ID, token.id, 'test');
  // The page waits for changes on a socket: it hears by itself.
  await page.waitForURL('**/login?to=%2Fjobs');
  await page.getByLabel('API token').waitFor();
  expect(await page.getByRole('button', { name: /Account/ }).count()).toBe(0);
  forgive(/status of 401/);
});
