import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../prisma/test/database.ts';
import { disguisesOf } from './canary/disguises.ts';
import { echoServer, modelServer } from './canary/loopback.ts';
import { type RunningProduct, startProduct, temporaryFolder } from './running-product.ts';

const FIXTURES = fileURLToPath(new URL('canary', import.meta.url));
/** Random in the middle, so that nothing else on this machine says the same. */
const CANARY = `Kanari-"${randomBytes(12).toString('base64url')}' +é/<&>\\`;
const KEY = `-----BEGIN KEY-----\n${randomBytes(72).toString('base64').replace(/.{48}/g, '$&\n')}-----END KEY-----\n`;

let database: TestDatabase;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  [database, folder] = await Promise.all([createTestDatabase(), temporaryFolder()]);
});
afterAll(async () => {
  await database?.drop();
  await folder?.remove();
});

/** Steps of every type, each of which shows the secret where it can. */
function workflowOf(echoUrl: string): string {
  const secret = '${{ secrets.CANARY }}';
  const program = { program: process.execPath, args: [path.join(FIXTURES, 'disguise-program.ts')] };
  const more = { continueOnError: true };
  const fail = (how: string) => ({ key: how, type: 'canary.fail', with: { how, given: secret }, ...more });
  return JSON.stringify({
    slug: 'canary',
    steps: [
      { key: 'command', type: 'command', with: { ...program, env: { SECRET: secret } } },
      { key: 'broken', type: 'command', with: { ...program, env: { SECRET: secret, EXIT_CODE: 3 } }, ...more },
      { key: 'argument', type: 'command', with: { program: 'no-such-program', args: [secret] }, ...more },
      { key: 'folder', type: 'command', with: { run: 'true', cwd: secret }, ...more },
      {
        key: 'tool',
        type: 'tool',
        with: {
          tool: 'http.request',
          input: {
            url: echoUrl,
            method: 'POST',
            query: { q: secret },
            headers: {
              authorization: 'Bearer ${{ secrets.KEY.size() }}',
              'x-key': '${{ bytes(secrets.CANARY).base64() }}',
            },
            body: { secret },
          },
        },
        ...more,
      },
      { key: 'refused', type: 'tool', with: { tool: 'http.request', input: { url: secret } }, ...more },
      {
        key: 'prompt',
        type: 'prompt',
        with: { model: 'local/canary', prompt: `Say ${secret}`, system: secret },
        ...more,
      },
      { key: 'offline', type: 'prompt', with: { model: 'offline/echo', prompt: `Say ${secret}` } },
      {
        key: 'simulated',
        type: 'simulated',
        with: { durationMs: 0, failureRate: 0, output: { [`of ${'secret'}`]: secret } },
      },
      { key: 'unfit', type: 'simulated', with: { durationMs: secret }, ...more },
      { key: 'expression', type: 'simulated', with: { durationMs: '${{ int(secrets.CANARY) }}' }, ...more },
      {
        key: 'part',
        type: 'command',
        with: { run: 'echo "$PART"', env: { PART: '${{ secrets.CANARY.substring(4, 20) }}' } },
        ...more,
      },
      { key: 'tell', type: 'canary.tell', with: { given: secret } },
      ...['failure', 'error', 'value', 'stray'].map(fail),
      { key: 'skipped', type: 'canary.tell', if: 'steps.offline.output.text == "no"' },
      {
        key: 'each',
        type: 'command',
        forEach: '${{ [steps.offline.output.text] }}',
        with: { run: 'echo "$ITEM"; sleep 0.2', env: { ITEM: '${{ item }}' } },
      },
    ],
    output: { tell: '${{ steps.tell.output }}', each: '${{ steps.each.output }}' },
  });
}

interface Step {
  key: string;
  status: string;
  error: { message: string } | null;
}

test('a canary that goes through every step type in every disguise is found nowhere', {
  timeout: 180_000,
}, async () => {
  const [echo, model] = await Promise.all([echoServer(CANARY), modelServer(CANARY)]);
  const product = await startProduct({
    dataDir: `${folder.path}/data`,
    env: {
      DATABASE_URL: database.url,
      SIGNALBOX_PLUGINS: path.join(FIXTURES, 'canary-plugin.ts'),
      SIGNALBOX_HTTP_ALLOW: new URL(echo.url).host,
      SIGNALBOX_SECRETS_KEY: randomBytes(32).toString('base64'),
      OPENAI_BASE_URL: `${model.url}/v1`,
      OPENAI_API_KEY: CANARY,
    },
  });
  const seen: unknown[] = [];
  try {
    const { steps } = await runCanary(product, echo.url, seen);
    // The proof is worth something only if the steps did what they are here for.
    const failed = steps.filter(({ status }) => status === 'FAILED').map(({ key }) => key);
    expect(failed).toEqual([
      'broken',
      'argument',
      'folder',
      'refused',
      'unfit',
      'expression',
      'failure',
      'error',
      'value',
    ]);
    expect([...echo.authorizations, ...model.authorizations]).toEqual([`Bearer ${KEY.length}`, `Bearer ${CANARY}`]);
    await expect.poll(() => product.output()).toContain('a plugin threw where nobody awaits it');
  } finally {
    await product.stop();
    echo.close();
    model.close();
  }
  expect(leaksIn(seen)).toEqual([]);
  expect(leaksIn([product.output()])).toEqual([]);
  const rows = await everyRow(database.url);
  expect(rows.length).toBeGreaterThan(200);
  expect(leaksIn(rows)).toEqual([]);
  const files = await everyFile(folder.path);
  expect(files.length).toBeGreaterThan(20);
  expect(leaksIn(files)).toEqual([]);
  expect(leaksIn([`x ${JSON.stringify({ a: CANARY })}`])).not.toEqual([]);
});

/** What a client sees goes into `seen`. */
async function runCanary(product: RunningProduct, echoUrl: string, seen: unknown[]): Promise<{ steps: Step[] }> {
  const ask = async <Data>(query: string, variables: object = {}): Promise<Data> => {
    const data = await product.query<Data>(query, variables);
    seen.push(data);
    return data;
  };
  const set = `mutation ($name: String!, $value: SecretText!) { setSecret(name: $name, value: $value) { __typename ... on Error { message } } }`;
  await ask(set, { name: 'CANARY', value: CANARY });
  await ask(set, { name: 'KEY', value: KEY });
  await ask(set, { name: 'CANARY', value: { wrong: CANARY } });
  await ask(set, { name: 1, value: CANARY }).catch((error: Error) => seen.push(error.message));
  const saved = await ask<{ saveWorkflow: object }>(
    `mutation ($source: String!) { saveWorkflow(source: $source) { __typename ... on InvalidInput { issues { path message } } } }`,
    { source: workflowOf(echoUrl) },
  );
  expect(saved).toEqual({ saveWorkflow: { __typename: 'Workflow' } });
  const { createJob } = await ask<{ createJob: { id: string } }>(
    `mutation { createJob(input: { workflow: "canary" }) { ... on Job { id } } }`,
  );
  const id = createJob.id;
  const [updates, lines] = await Promise.all([
    product.subscribe<{ jobUpdated: { job: { status: string } } }>(
      `subscription ($id: ID!) { jobUpdated(id: $id) { job { ...All } } } ${ALL}`,
      { id },
      ({ jobUpdated }) => ['COMPLETED', 'FAILED'].includes(jobUpdated.job.status),
    ),
    product.subscribe<{ stepLogged: { lines: { message: string; stream: string; stepKey: string }[] } }>(
      'subscription ($id: ID!) { stepLogged(jobId: $id) { lines { message stream stepKey } } }',
      { id },
    ),
  ]);
  const all = lines.flatMap(({ stepLogged }) => stepLogged.lines);
  const joined = Map.groupBy(all, ({ stepKey, stream }) => `${stepKey} ${stream}`);
  seen.push(
    updates,
    lines,
    [...joined.values()].map((group) => group.map(({ message }) => message).join('')),
  );
  expect(all.length).toBeGreaterThan(150);
  const { job } = await ask<{ job: { status: string; steps: Step[] } }>(
    `query ($id: ID!) { job(id: $id) { ...All } } ${ALL}`,
    { id },
  );
  expect(job.status).toBe('COMPLETED');
  await ask('{ secrets { name description usedBy } workflows { edges { node { source } } } }');
  return job;
}

const ALL = `fragment All on Job {
  id status input output error { message } artifacts { name url contentType }
  steps { key uses status input output error { message } skippedBecause attempts { input output error { message } } }
}`;

/** Disguises, and pieces of the secret in every case, that stand in one of the texts, line breaks taken out. */
function leaksIn(values: unknown[]): string[] {
  const needles = [CANARY, KEY].flatMap((secret) => Object.entries(needlesOf(secret)));
  const leaks = textsIn(values).flatMap((text) => {
    const whole = text.replace(/(?:\\[rn]|\s*[\r\n]\s*)+/g, '');
    const found = needles.find(([, needle]) => text.includes(needle) || whole.includes(needle));
    if (!found) return [];
    const at = Math.max(text.indexOf(found[1]), whole.indexOf(found[1]));
    return [`${found[0]}: …${whole.slice(Math.max(0, at - 60), at + 60)}…`];
  });
  return [...new Set(leaks)].slice(0, 20);
}

function needlesOf(secret: string): Record<string, string> {
  const inOneLine = (text: string) => text.replace(/\s*\n\s*/g, '');
  const { stack: _stack, ...disguises } = disguisesOf(secret);
  // The last signs of Base64 hold bits of what comes behind; the first ones of what comes before.
  const needles = Object.entries(disguises).map(([name, text]) => [
    name,
    inOneLine(text)
      .replace(/=+$/, '')
      .slice(name.startsWith('base64') ? 4 : 0, -2),
  ]);
  const cases = [secret, secret.toLowerCase(), secret.toUpperCase()];
  const pieces = cases.flatMap((text) => inOneLine(text).match(/.{10}/g) ?? []);
  return Object.fromEntries([...needles, ...pieces.map((piece, index) => [`piece ${index}`, piece])]);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('utf8'), Buffer.from(value).toString('latin1')];
  if (value === null || typeof value !== 'object' || value instanceof Date) return [];
  return [...Object.keys(value), ...Object.values(value).flatMap(textsIn)];
}

async function everyRow(url: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
       WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
    );
    const found: unknown[] = [];
    for (const { name } of rows) found.push(...(await client.query(`SELECT * FROM ${name}`)).rows);
    return found;
  } finally {
    await client.end();
  }
}

async function everyFile(under: string): Promise<unknown[]> {
  const entries = await readdir(under, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map(async ({ name, parentPath }) => [name, await readFile(path.join(parentPath, name))]));
}
