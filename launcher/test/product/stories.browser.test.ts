/** Every story of the web app in a real browser, over the same mock engine as in Storybook. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from './running-product.ts';
import { context, forgive, openPage, page } from './web-fixture.ts';

const WEB = fileURLToPath(new URL('../../../packages/web/', import.meta.url));
const STORIES = `${WEB}stories/`;
/** No server listens there: the files are handed to the browser. On this machine, as the browser allows copying only there. */
const ADDRESS = 'http://localhost/';

/** In a snapshot: a name or a text, and not a role alone. */
const SAID = /"[^"]+"|: \S/;

/** Storybook turns React's mode for tests on and off while a story plays; a change that comes in between is no fault of the app. */
const OF_THE_TOOL = /not configured to support act/;

const names = readdirSync(STORIES)
  .filter((file) => file.endsWith('.stories.tsx'))
  .flatMap((file) =>
    [...readFileSync(STORIES + file, 'utf8').matchAll(/^export const (\w+): Story\b/gm)].map(
      ([, name]) => `${file} ${name}`,
    ),
  );

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
openPage('file', { viewport: { width: 1280, height: 800 } });
beforeAll(async () => {
  folder = await temporaryFolder();
  await promisify(execFile)(process.execPath, [`${WEB}tools/build-stories.ts`, folder.path]);
  await context.route(`${ADDRESS}**`, (route) =>
    route.fulfill({ path: folder.path + new URL(route.request().url()).pathname }),
  );
  await page.goto(`${ADDRESS}stories/every.html`);
}, 120_000);
afterAll(() => folder?.remove());

describe('every story is drawn, plays to its end and shows something, without a complaint', () => {
  test.each(names)('%s', async (name) => {
    await page.evaluate((chosen) => (window as unknown as StoriesPage).showStory(chosen), name);
    expect(await page.locator('#story').ariaSnapshot()).toMatch(SAID);
    forgive(OF_THE_TOOL);
  });
});

test('no story is left out', async () => {
  const known = await page.evaluate(() => (window as unknown as StoriesPage).storyNames);
  expect(known.toSorted()).toEqual(names.toSorted());
  expect(known.length).toBeGreaterThan(30);
});

interface StoriesPage {
  storyNames: string[];
  showStory(name: string): Promise<void>;
}
