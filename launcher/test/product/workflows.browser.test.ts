import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { forgive, open, openPage, page, product, serveProduct, violations, WEB_FOLDER } from './web-fixture.ts';

/** What the scripts and styles of the job list weigh together, packed, must not grow beyond this. */
const FIRST_LOAD_LIMIT = 250_000;

serveProduct(async () => ({ env: { SIGNALBOX_PLUGINS: './examples/plugin-sqlite' } }));
openPage('test');

/** Puts a text into an editor as pasting does; filling it would have the browser style what it inserts. */
async function write(target: Locator, text: string): Promise<void> {
  await target.click();
  await page.keyboard.press('ControlOrMeta+a');
  await target.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

const editor = () => page.getByRole('textbox', { name: 'Source of the workflow' });

describe('a new job', () => {
  test('is started from the form; what is wrong is said at its field, and what was written outlives a closed dialog', async () => {
    await open('/jobs?new=');
    const dialog = page.getByRole('dialog', { name: 'New job' });
    await dialog.getByRole('combobox', { name: 'Workflow' }).fill('simul');
    await page.getByRole('option', { name: /simulated-pipeline/ }).click();
    await dialog.getByLabel(/^Duration of a stage/).fill('20ms');
    await dialog.getByLabel(/^Failure rate/).fill('7');
    await page.keyboard.press('Control+Enter');
    await dialog.getByText('must be at most 1').first().waitFor();

    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await open('/jobs?new=simulated-pipeline');
    await dialog.getByText('What you had written is still here.').waitFor();
    await expect.poll(() => dialog.getByLabel(/^Duration of a stage/).inputValue()).toBe('20ms');
    await dialog.getByLabel(/^Failure rate/).fill('0');
    await page.keyboard.press('Control+Enter');
    await page.waitForURL(/\/jobs\/[0-9a-f-]{36}$/);
    await page.getByText('Job started').waitFor();

    await open('/jobs?new=simulated-pipeline');
    await dialog.getByLabel(/^Duration of a stage/).waitFor();
    expect(await dialog.getByText('still here').count()).toBe(0);
  });

  test('has an input that is form and JSON at once, marked where it does not fit, and can be kept as a template', async () => {
    await open('/jobs?new=simulated-pipeline');
    const dialog = page.getByRole('dialog', { name: 'New job' });
    await dialog.getByLabel(/^Duration of a stage/).fill('31ms');
    await dialog.getByText('JSON', { exact: true }).click();
    const json = dialog.getByRole('textbox', { name: 'Input as JSON' });
    await json.getByText('"31ms"').waitFor();
    await write(json, '{\n  "stageDuration": "32ms",\n  "failureRate": "none"\n}');
    await dialog.locator('.cm-lintRange-error', { hasText: '"none"' }).waitFor();
    await write(json, '{\n  "stageDuration": "32ms",\n  "failureRate": 0\n}');
    await dialog.getByText('Form', { exact: true }).click();
    const duration = () => dialog.getByLabel(/^Duration of a stage/).inputValue();
    await expect.poll(duration).toBe('32ms');

    await dialog.getByLabel('Subject').fill('nightly');
    await dialog.getByRole('button', { name: 'Save as template' }).click();
    await page.getByLabel('Name of the template').fill('Every night');
    await page.getByRole('button', { name: 'Save template' }).click();
    await page.getByText('Template saved').waitFor();
    await dialog
      .getByRole('button', { name: 'Start anew' })
      .or(dialog.getByRole('button', { name: 'Start from' }))
      .click();
    await page.getByRole('menuitem', { name: 'Nothing but the defaults' }).click();
    await expect.poll(duration).not.toBe('32ms');
    await dialog.getByRole('button', { name: 'Start from' }).click();
    await page.getByRole('menuitem', { name: /Every night/ }).click();
    await expect.poll(duration).toBe('32ms');
    await expect.poll(() => dialog.getByLabel('Subject').inputValue()).toBe('nightly');
    expect(await violations('[role="dialog"]')).toEqual([]);
  });
});

describe('a workflow', () => {
  test('is written from an example, checked as it is typed, and saved; its next version shows what changed', async () => {
    await open('/workflows');
    await page.getByRole('link', { name: 'New workflow' }).click();
    await page.getByText('Valid', { exact: true }).waitFor();
    const source = (word: string) =>
      `slug: hand-made\nname: Hand made\nsteps:\n  # The only one\n  - key: say\n    type: command\n    with: { run: echo ${word} }\n`;
    await write(editor(), source('one').replace('type:', 'typ:'));
    await page.getByRole('list', { name: 'Problems' }).getByText(/typ/).first().waitFor();
    await write(editor(), source('one'));
    await page.getByText('Valid', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Save workflow' }).click();
    await page.waitForURL(/\/workflows\/hand-made$/);
    await page.getByRole('heading', { name: 'Hand made' }).waitFor();

    await page.getByRole('tab', { name: 'Edit' }).click();
    await write(editor(), source('two'));
    await page.getByRole('button', { name: 'Save version 2' }).click();
    await page.getByText('Version 2 saved').waitFor();
    await page.getByRole('tab', { name: /Versions/ }).click();
    const difference = page.getByRole('textbox', { name: 'Version 2 compared with version 1' });
    await difference.getByText('echo two').waitFor();
    await difference.locator('.cm-deletedChunk').getByText('one').waitFor();
    expect(await violations()).toEqual([]);
  });

  test('that somebody else saved meanwhile is not overwritten without asking', async () => {
    const save = (word: string) =>
      product.query('mutation ($source: String!) { saveWorkflow(source: $source) { __typename } }', {
        source: `slug: shared\nname: Shared\nsteps: [{ key: a, type: command, with: { run: echo ${word} } }]\n`,
      });
    await save('first');
    await open('/workflows/shared?tab=edit');
    await write(editor(), 'slug: shared\nname: Shared\nsteps: [{ key: a, type: command, with: { run: echo mine } }]\n');
    await save('theirs');
    await page.getByRole('button', { name: 'Save version 2' }).click();
    const alert = page.getByRole('alert').filter({ hasText: 'version 2' });
    await alert.getByRole('button', { name: 'Save mine over it' }).click();
    await page.getByText('Version 3 saved').waitFor();
    const { workflow } = await product.query<{ workflow: { versions: { source: string }[] } }>(
      '{ workflow(slug: "shared") { versions { source } } }',
    );
    expect(workflow.versions.map(({ source }) => /echo (\w+)/.exec(source)?.[1])).toEqual(['mine', 'theirs', 'first']);
  });

  test('is drawn on: a step of a stranger’s plugin gets its form by its schema alone, and the text keeps its comments', async () => {
    await product.query('mutation ($source: String!) { saveWorkflow(source: $source) { __typename } }', {
      source: 'slug: drawn\nname: Drawn\nsteps:\n  # stays\n  - key: a\n    type: command\n    with: { run: "true" }\n',
    });
    await open('/workflows/drawn?tab=edit');
    await page.getByRole('button', { name: 'Add step' }).click();
    await page.getByLabel('Search step types').fill('sqlite.query');
    await page.getByRole('button', { name: /Query a SQLite database/ }).waitFor();
    await page.keyboard.press('Enter');
    const form = page.getByRole('region', { name: 'Step query' });
    await page.getByRole('list', { name: 'Problems' }).getByText('"database" is required.').waitFor();
    await form.getByLabel(/^Database/).fill('shop.db');
    await form.getByLabel(/^SQL/).fill('select 1');
    await form.getByLabel(/^Most rows/).fill('5');
    await page.getByText('Valid', { exact: true }).waitFor();
    await form.getByLabel('Key', { exact: true }).fill('rows');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Step rows' }).waitFor();
    await page.getByRole('button', { name: /shop\.db/ }).waitFor();
    await page.getByRole('button', { name: 'Save version 2' }).click();
    await page.getByText('Version 2 saved').waitFor();
    const { workflow } = await product.query<{ workflow: { source: string; steps: object[] } }>(
      '{ workflow(slug: "drawn") { source steps { key type needs } } }',
    );
    expect(workflow.source).toContain('  # stays\n  - key: a\n');
    expect(workflow.source).toMatch(/maxRows: 5$/m);
    expect(workflow.steps).toEqual([
      { key: 'a', type: 'command', needs: [] },
      { key: 'rows', type: 'sqlite.query', needs: ['a'] },
    ]);
    expect(await violations()).toEqual([]);

    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: /shop\.db/ }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('button', { name: /shop\.db/ }).waitFor();
  });
});

describe('everywhere', () => {
  test.each(['light', 'dark'] as const)('the screens have no faults that axe can find, %s', async (theme) => {
    await open('/workflows');
    await page.evaluate((chosen) => localStorage.setItem('mantine-color-scheme-value', chosen), theme);
    for (const [path, mark] of [
      ['/workflows', 'Repository report'],
      ['/workflows/careful-release', 'Approve the release'],
      ['/workflows/careful-release?tab=edit', 'Valid'],
      ['/nowhere', 'This page does not exist'],
    ] as const) {
      await open(path);
      await page.getByText(mark, { exact: true }).first().waitFor();
      expect(await page.evaluate(() => document.documentElement.dataset.mantineColorScheme)).toBe(theme);
      expect(await violations(), path).toEqual([]);
    }
    forgive(/404/);
  });

  test('a page that does not exist says so and leads back', async () => {
    await open('/workflows/no-such-thing');
    await page.getByRole('heading', { name: 'There is no such workflow' }).waitFor();
    await page.getByRole('main').getByRole('link', { name: 'All workflows' }).click();
    await page.waitForURL(/\/workflows$/);
    await open('/no/such/page');
    await page.getByRole('heading', { name: 'This page does not exist' }).waitFor();
    await expect.poll(() => page.title()).toContain('Not found');
    forgive(/404/);
  });

  test('the palette finds workflows, actions and screens, and changes the theme', async () => {
    // Told when the keys are heard as well.
    const live = page.getByText('Live', { exact: true });
    await open('/jobs');
    await live.waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('textbox', { name: 'Search', exact: true }).fill('careful');
    await page
      .getByRole('option', { name: /Careful release/ })
      .or(page.locator('[data-action]', { hasText: 'Careful release' }))
      .first()
      .click();
    await page.waitForURL(/\/workflows\/careful-release$/);
    await page.keyboard.press('Control+k');
    await page.getByRole('textbox', { name: 'Search', exact: true }).fill('dark theme');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset.mantineColorScheme)).toBe('dark');
    await page.reload();
    expect(await page.evaluate(() => document.documentElement.dataset.mantineColorScheme)).toBe('dark');
    await live.waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  });

  test('a dialog gives the focus back to the button that opened it', async () => {
    await open('/workflows');
    const button = page.getByRole('button', { name: /New job/ }).first();
    await button.click();
    const dialog = page.getByRole('dialog', { name: 'New job' });
    await dialog.locator(':focus').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => button.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test('a page that is cut off says so, greys what may be old, and recovers by itself', async () => {
    await open('/workflows');
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Careful release', exact: true }).waitFor();
    await page.context().setOffline(true);
    await page.getByRole('button', { name: /Offline|Reconnecting/ }).waitFor();
    await page.locator('main[data-stale]').waitFor();
    await page.context().setOffline(false);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.locator('main:not([data-stale])').waitFor();
    expect(await page.getByRole('link', { name: 'Careful release', exact: true }).count()).toBe(1);
    forgive(/ERR_INTERNET_DISCONNECTED|WebSocket/);
  });

  test('the job list is small, and nothing of it is a script or a style that the policy would stop', async () => {
    const answer = await open('/jobs');
    await page
      .getByRole('button', { name: /New job/ })
      .first()
      .waitFor();
    const policy = answer?.headers()['content-security-policy'] ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval/);
    const files = [...((await answer?.text()) ?? '').matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css))"/g)].map(
      ([, file]) => file,
    );
    expect(files.length).toBeGreaterThan(2);
    const packed = files.map((file) => gzipSync(readFileSync(WEB_FOLDER + file)).length);
    expect(packed.reduce((sum, size) => sum + size, 0)).toBeLessThan(FIRST_LOAD_LIMIT);
    expect(readFileSync(new URL('../../../packages/web/index.html', import.meta.url), 'utf8')).not.toMatch(/<script>/);
  });
});
