/** What the built app sends, in a real browser: hashes of its operations, and texts only where they are not known. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type ApiFixture, createApiFixture } from '../../../packages/api/test/fixture.ts';
import { forgive, openPage, page, WEB_FOLDER } from './web-fixture.ts';

openPage('test');

interface Sent {
  query?: string;
  extensions?: { persistedQuery?: { sha256Hash: string } };
}

interface Look {
  /** Every operation, however it went. */
  sent: Sent[];
  /** The codes of errors in answers. */
  refusals: string[];
}

function look(): Look {
  const [sent, refusals]: [Sent[], string[]] = [[], []];
  const readCodes = (text: string) =>
    refusals.push(...[...text.matchAll(/"code":"((?:OPERATION|PERSISTED)_\w+)"/g)].map(([, code = '']) => code));
  page.on('request', (request) => {
    if (request.url().endsWith('/graphql')) sent.push(request.postDataJSON());
  });
  page.on('response', async (response) => {
    if (response.url().endsWith('/graphql')) readCodes(await response.text().catch(() => ''));
  });
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      const message = JSON.parse(String(payload));
      if (message.type === 'subscribe') sent.push(message.payload);
    });
    socket.on('framereceived', ({ payload }) => readCodes(String(payload)));
  });
  return { sent, refusals };
}

/** A job that ended, seen from the list, on its page and in its log; then the other screens. */
async function goAround(api: ApiFixture): Promise<void> {
  const id = await api.newJob({ subject: 'orders' });
  const claimed = await api.worker.claim(id);
  await api.worker.start(claimed, 'history');
  await api.worker.log(claimed, ['a line of the log'], 'history');
  await page.goto(`${api.url}/jobs`);
  await page.locator('[data-row]').first().waitFor();
  await page.goto(`${api.url}/jobs/${id}`);
  await page.getByText('a line of the log').first().waitFor();
  await api.worker.complete(claimed, 'history', {}, 1);
  await api.worker.settle(claimed, { status: 'COMPLETED', output: {}, error: null }, 1);
  await page.getByText('Completed').first().waitFor();
  for (const screen of ['workflows', 'workflows/demo', 'schedules', 'subjects', 'statistics', 'workers', 'settings']) {
    await page.goto(`${api.url}/${screen}`);
    await page.getByRole('heading').first().waitFor();
    await page.waitForLoadState('networkidle');
  }
}

test('a server that takes only its list serves every screen, and gets hashes only', async () => {
  const api = await createApiFixture({ webFolder: WEB_FOLDER, auth: { operations: 'persisted' } });
  const seen = look();
  try {
    await goAround(api);
    expect(seen.refusals).toEqual([]);
    expect(seen.sent.length).toBeGreaterThan(10);
    for (const { extensions, query } of seen.sent) {
      expect(query ?? '').toBe('');
      expect(extensions?.persistedQuery?.sha256Hash).toMatch(/^[0-9a-f]{64}$/);
    }
  } finally {
    // It would complain of a server that is away.
    await page.close();
    await api.close();
  }
});

test('a server that does not know the hashes of a page, since it is of another version, is told the texts', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'signalbox-web-'));
  await cp(WEB_FOLDER, folder, { recursive: true });
  await rm(path.join(folder, 'operations.json'));
  const api = await createApiFixture({ webFolder: folder });
  const seen = look();
  try {
    await goAround(api);
    expect(new Set(seen.refusals)).toEqual(new Set(['PERSISTED_QUERY_NOT_FOUND']));
    expect(seen.sent.filter(({ query }) => query).length).toBeGreaterThan(10);
    // That is how the server says so.
    forgive(/status of 400/);
  } finally {
    // It would complain of a server that is away.
    await page.close();
    await api.close();
    await rm(folder, { recursive: true });
  }
});
