/**
 * What the tests in a real browser begin with: a page, and something that serves the app to it. Each call is made once at
 * the top of a file and lasts as long as its tests. Vitest loads this module for each file of tests anew, so that what it
 * exports is the file's own.
 */
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { type ApiFixture, createApiFixture, type FixtureOptions } from '../../../packages/api/test/fixture.ts';
import { findBrowser } from '../browser.ts';
import { type ProductOptions, type RunningProduct, startProduct, temporaryFolder } from './running-product.ts';

/** The built app. */
export const WEB_FOLDER = fileURLToPath(new URL('../../../packages/web/dist', import.meta.url));
const START_TIMEOUT_MS = 120_000;
/** A browser on a busy machine takes its time. */
const PATIENCE_MS = 60_000;

let browser: Browser;
export let context: BrowserContext;
export let page: Page;
/** The API in this process, a stand-in in the place of its workers; after `serveApi`. */
export let api: ApiFixture;
/** The whole product in processes of its own; after `serveProduct`. */
export let product: RunningProduct;
/** A folder for the file's tests, in which the product keeps its data; after `serveProduct`. */
export let folder: string;

const problems: string[] = [];
let address = '';
let startAgain: (port?: number) => Promise<void> = async () => {};

/**
 * Opens a browser and a page in it, one for each test or one for all of them. What a page complains of fails the test in
 * which it does, unless that is forgiven.
 */
export function openPage(each: 'test' | 'file', options: BrowserContextOptions = {}): void {
  vi.setConfig({ testTimeout: 300_000 });

  async function openOne(): Promise<void> {
    const viewport = { width: 1440, height: 900 };
    context = await browser.newContext({ viewport, reducedMotion: 'reduce', ...options });
    page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  }

  beforeAll(async () => {
    browser = await chromium.launch(await findBrowser());
    if (each === 'file') await openOne();
  }, START_TIMEOUT_MS);
  afterAll(() => browser?.close());
  beforeEach(async () => {
    if (each === 'test') await openOne();
    page.setDefaultTimeout(PATIENCE_MS);
    problems.length = 0;
  });
  afterEach(async () => {
    if (each === 'test') await context.close();
    if (problems.length > 0) throw new Error(`The page complained: ${problems.join('\n')}`);
  });
}

/** Leaves out of the complaints what the test has caused on purpose. */
export function forgive(words: RegExp): void {
  problems.splice(0, problems.length, ...problems.filter((problem) => !words.test(problem)));
}

export function serveApi(options: FixtureOptions = {}): void {
  beforeAll(async () => {
    api = await createApiFixture({ webFolder: WEB_FOLDER, ...options });
    address = api.url;
  }, START_TIMEOUT_MS);
  afterAll(() => api?.close());
}

/** @param options given the folder of the file's tests */
export function serveProduct(options: (folder: string) => Promise<Partial<ProductOptions>> = async () => ({})): void {
  let removeFolder = async (): Promise<void> => {};
  beforeAll(async () => {
    const made = await temporaryFolder();
    [folder, removeFolder] = [made.path, made.remove];
    const chosen = { dataDir: `${folder}/data`, ...(await options(folder)) };
    startAgain = async (port) => {
      product = await startProduct({ ...chosen, port });
      address = product.address;
    };
    await startAgain();
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await product?.stop();
    await removeFolder();
  });
}

/** Stops the product and starts it again at the same address, over the same data. */
export async function restartProduct(): Promise<void> {
  const { port } = new URL(address);
  await product.stop();
  await startAgain(Number(port));
}

/** Opens a path of what is served. */
export const open = (path: string) => page.goto(`${address}${path}`);

/** What axe finds wrong with the page, or with a part of it. */
export async function violations(part = 'body'): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).include(part).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
