import { randomBytes } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULT_TENANT_ID as tenantId } from '@signalbox/db/ids';
import { SecretKeys } from '@signalbox/db/secret-keys';
import { storeSecret } from '@signalbox/db/secrets';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

const key = randomBytes(32).toString('base64');
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  const folder = path.join(stage.folder, 'secrets');
  await mkdir(path.join(folder, '..data'), { recursive: true });
  await Promise.all([
    writeFile(path.join(folder, 'BOTH'), 'both-from-a-file'),
    writeFile(path.join(folder, 'FILED'), 'value-from-a-file\n'),
    writeFile(path.join(folder, 'not-a-name'), 'left out'),
    writeFile(path.join(folder, 'TOO_LARGE'), 'x'.repeat(100_000)),
  ]);
  await stage.startExecutor({
    SIGNALBOX_SECRETS_DIR: folder,
    SIGNALBOX_SECRETS_KEY: key,
    SIGNALBOX_SECRET_BOTH: 'both-from-the-environment',
    SIGNALBOX_SECRET_PIN: '11',
    SIGNALBOX_SECRET_LOGIN: 'ada:hunter2-and-more',
  });
});
afterAll(() => stage.close());

async function store(name: string, value: string, keys = [key]): Promise<void> {
  await storeSecret(stage.db, tenantId, name, new SecretKeys(keys).lock({ tenantId, name }, value), null);
}

/** How long the values of secrets are that a command step was given: that much of them may be told. */
async function lengths(...names: string[]): Promise<string> {
  const env = Object.fromEntries(names.map((name) => [name, `\${{ secrets.${name} }}`]));
  const run = names.map((name) => `printf '%s ' "\${#${name}}"`).join('; ');
  const job = await stage.settled(await stage.queue([{ key: 'a', type: 'command', with: { run, env } }]));
  return job.error ?? (job.output as { stdout: string }).stdout.trim();
}

const asked = (name: string) => ({ key: 'a', type: 'test.secret', with: { name } });

test('the environment comes before the folder, and the folder before the database', async () => {
  await store('BOTH', 'x');
  await store('FILED', 'x');
  await store('STORED', 'value-of-the-database');
  expect(await lengths('BOTH', 'FILED', 'STORED')).toBe('25 17 21');
  expect(await lengths('TOO_LARGE')).toContain('There is no secret TOO_LARGE');
});

test('a value that was changed is there for the next attempt, and masked', async () => {
  await store('TOKEN', 'first-token-value');
  expect(await lengths('TOKEN')).toBe('17');
  await store('TOKEN', 'a-second-token-value');
  expect(await lengths('TOKEN')).toBe('20');
  const id = await stage.queue([{ ...asked('TOKEN'), with: { name: 'TOKEN', given: '${{ secrets.TOKEN }}' } }]);
  const job = await stage.settled(id);
  expect(job.step('a')).toMatchObject({ status: 'COMPLETED', output: { value: '***' } });
  expect(JSON.stringify([job, await stage.lines(id)])).not.toContain('second-token');
});

test('one that was locked with a key that is not here fails the step and says what to do', async () => {
  await store('FOREIGN', 'some-value', [randomBytes(32).toString('base64')]);
  expect(await lengths('FOREIGN')).toMatch(/FOREIGN was locked with the key .* SIGNALBOX_SECRETS_KEY/);
});

test('one that is too short to be masked is given to the step, with a warning that names it once', async () => {
  const id = await stage.queue([asked('PIN')]);
  const job = await stage.settled(id);
  expect(job.step('a')).toMatchObject({ status: 'COMPLETED', output: { value: '11' } });
  const warnings = (await stage.lines(id)).filter(({ level }) => level === 'WARNING');
  expect(warnings).toMatchObject([
    { stream: 'SYSTEM', message: expect.stringContaining('The secret PIN is too short') },
  ]);
});

test('a part that an expression cuts out of one is as secret as the whole', async () => {
  const cut = '${{ secrets.LOGIN.split(":")[1] }}';
  const job = await stage.settled(
    await stage.queue([{ key: 'a', type: 'command', with: { run: 'echo "${#PASS} $PASS"', env: { PASS: cut } } }]),
  );
  expect(job.step('a')).toMatchObject({ status: 'COMPLETED', input: { env: { PASS: '***' } } });
  expect(job.output).toMatchObject({ stdout: '16 ***' });
});

test('what any step of the job names is masked from its first step on, in reasons of skips too', async () => {
  const id = await stage.queue(
    [
      { key: 'a', type: 'command', with: { run: 'echo value-from-a-file' } },
      { key: 'b', type: 'test.echo', if: 'input.text == "else"' },
      { key: 'c', type: 'command', with: { run: 'true', env: { FILED: '${{ secrets["FILED"] }}' } } },
    ],
    { input: { text: 'value-from-a-file' } },
  );
  const job = await stage.settled(id);
  expect(job.step('a').output).toMatchObject({ stdout: '***' });
  expect(job.step('b').because).toContain('***');
  expect(JSON.stringify([job, await stage.lines(id)])).not.toContain('from-a-file');
});

test('the files of a folder that cannot be read any more stay as they were', async () => {
  expect(await lengths('FILED')).toBe('17');
  const [folder, away] = [path.join(stage.folder, 'secrets'), path.join(stage.folder, 'away')];
  await rename(folder, away);
  onTestFinished(() => rename(away, folder));
  expect(await lengths('FILED')).toBe('17');
});

test('a job whose secrets cannot be read any more fails, and keeps what its steps have done', async () => {
  const file = path.join(stage.folder, 'gate');
  const id = await stage.queue([
    { key: 'done', type: 'test.gate', with: { file } },
    { ...asked('TOKEN'), with: { name: 'TOKEN', given: '${{ secrets.TOKEN }}' } },
  ]);
  await stage.logged(id, /^waiting in attempt 1$/);
  await stage.db.pool.query('ALTER TABLE secret RENAME TO away');
  onTestFinished(async () => void (await stage.db.pool.query('ALTER TABLE away RENAME TO secret')));
  await writeFile(file, '');
  const job = await stage.settled(id);
  expect(job).toMatchObject({ status: 'FAILED', category: 'INTERNAL' });
  expect(job.step('done')).toMatchObject({ status: 'COMPLETED', output: { attempt: 1 } });
  expect(job.step('a').status).toBe('SKIPPED');
});
