import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../prisma/test/database.ts';

const PROGRAM = fileURLToPath(new URL('../src/access-command.ts', import.meta.url));

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

async function run(args: string[], env: Record<string, string> = { DATABASE_URL: database.url }): Promise<Ended> {
  const started = promisify(execFile)(process.execPath, [PROGRAM, ...args], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
  });
  return started.then(
    (ended) => ({ code: 0, ...ended }),
    ({ code, stderr, stdout }: Ended) => ({ code, stdout, stderr }),
  );
}

test('makes a token, alone on stdout, lists it and revokes it', async () => {
  const made = await run(['token', 'create', 'first', 'token', 'scope=admin', 'days=30']);
  expect(made.stdout).toMatch(/^sbx_api_[0-9A-Za-z]{49}\n$/);
  expect(made.stderr).toMatch(/^Keep this token: it is shown only now\. admin, until 2.+\n$/);
  const listed = (await run(['token', 'list'])).stdout;
  const [, id = ''] =
    /^(\S+) {2}(sbx_api_\w{6})… {2}admin {2}counts {2}never used {2}first token\n$/.exec(listed) ?? [];
  expect((await run(['token', 'revoke', id])).stdout).toMatch(/^sbx_api_\w{6}… \(first token\) counts no more\.\n$/);
  expect((await run(['token', 'list'])).stdout).toContain('  revoked  ');
});

test('makes a tenant, whose tokens are its own', async () => {
  expect(await run(['token', 'create', 'x', 'tenant=acme'])).toMatchObject({
    code: 1,
    stderr: 'There is no tenant "acme". `npm run tenant -- create acme` makes it.\n',
  });
  expect((await run(['tenant', 'create', 'acme', 'Acme', 'Ltd'])).code).toBe(0);
  expect((await run(['tenant', 'create', 'acme'])).stderr).toBe('There is a tenant "acme" already.\n');
  expect((await run(['tenant', 'list'])).stdout).toContain('acme  Acme Ltd\n');
  await run(['token', 'create', 'theirs', 'tenant=acme']);
  expect((await run(['token', 'list', 'tenant=acme'])).stdout).toContain('read  counts  never used  theirs');
  expect((await run(['token', 'list'])).stdout).not.toContain('theirs');
});

test.each([
  [['token'], 'What is to be done?'],
  [['token', 'make'], 'There is no "make".'],
  [['token', 'create'], 'A token needs a name of at most 100 characters.'],
  [['token', 'create', 'x', 'scope=root'], 'scope must be read, operate or admin, not "root".'],
  [['token', 'create', 'x', 'day=3'], 'There is no option "day".'],
  [['tenant', 'create', 'A B'], 'A slug has 1 to 63 small letters, digits and "-".'],
])('says of %j what is wrong, and how it goes', async (args, problem) => {
  const { code, stderr } = await run(args);
  expect({ code, first: stderr.split('\n')[0] }).toEqual({ code: 64, first: problem });
  expect(stderr).toContain('npm run t');
});

test('says that nothing runs where nothing runs', async () => {
  expect(await run(['token', 'list'], { SIGNALBOX_DATA_DIR: '/nonexistent/data' })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^No Signalbox runs in \/nonexistent\/data\. Start it first/),
  });
});
