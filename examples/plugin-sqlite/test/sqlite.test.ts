import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { conformance } from '@signalbox/plugin-sdk/conformance';
import { runStep } from '@signalbox/plugin-sdk/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { execute } from '../src/execute.ts';
import { exportCsv } from '../src/export-csv.ts';
import plugin from '../src/index.ts';
import { query } from '../src/query.ts';

let folder: string;
let database: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'signalbox-sqlite-'));
  database = path.join(folder, 'shop.db');
  await run('CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT, cents INTEGER, paid INTEGER, receipt BLOB)');
  await run("INSERT INTO orders VALUES (1, 'Ada', 1250, 1, x'00ff'), (2, 'Bo, Ltd', 9007199254740993, 0, NULL)");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(sql: string, parameters: unknown[] | Record<string, unknown> = []) {
  return runStep(execute, { config: { database, sql, parameters: parameters as [] } });
}

test.each(conformance(plugin).map((check) => [check.name, check] as const))('%s', (_name, { passed, reason }) => {
  expect(passed, reason).toBe(true);
});

describe('sqlite.query', () => {
  test('gives rows as JSON: whole numbers exactly, bytes in Base64', async () => {
    const { output } = await runStep(query, { config: { database, sql: 'SELECT * FROM orders ORDER BY id' } });
    expect(output).toEqual({
      rows: [
        { id: 1, customer: 'Ada', cents: 1250, paid: 1, receipt: 'AP8=' },
        { id: 2, customer: 'Bo, Ltd', cents: '9007199254740993', paid: 0, receipt: null },
      ],
      rowCount: 2,
      truncated: false,
    });
  });

  test('takes parameters in order and by name, never as text of the statement', async () => {
    const byOrder = await runStep(query, {
      config: { database, sql: 'SELECT id FROM orders WHERE customer = ?', parameters: ["Ada' OR 1 = 1 --"] },
    });
    expect(byOrder.output?.rows).toEqual([]);
    const byName = await runStep(query, {
      config: { database, sql: 'SELECT id FROM orders WHERE paid = :paid', parameters: { paid: true } },
    });
    expect(byName.output?.rows).toEqual([{ id: 1 }]);
  });

  test('stops at maxRows and says so', async () => {
    const { lines, output } = await runStep(query, { config: { database, sql: 'SELECT id FROM orders', maxRows: 1 } });
    expect(output).toEqual({ rows: [{ id: 1 }], rowCount: 1, truncated: true });
    expect(lines).toMatchObject([{ level: 'WARNING', message: expect.stringContaining('maxRows') }]);
  });

  test('changes nothing', async () => {
    const { failure } = await runStep(query, { config: { database, sql: 'DELETE FROM orders' } });
    expect(failure).toMatchObject({ category: 'USER_INPUT', message: expect.stringContaining('readonly') });
  });

  test.each([
    ['a wrong statement', { sql: 'SELEC 1' }, /^SQLite: near "SELEC": syntax error\.$/],
    [
      'a database that is not there',
      { database: '/nowhere/at/all.db' },
      /^The database "\/nowhere\/at\/all\.db" cannot be opened/,
    ],
  ])('says in words what is wrong with %s', async (_what, wrong, message) => {
    const { failure } = await runStep(query, { config: { database, sql: 'SELECT 1', ...wrong } });
    expect(failure).toMatchObject({ category: 'USER_INPUT', message: expect.stringMatching(message) });
  });
});

test('sqlite.execute tells what it changed', async () => {
  const inserted = await run('INSERT INTO orders (customer, cents) VALUES (?, ?)', ['Cy', 5]);
  expect(inserted.output).toEqual({ changes: 1, lastInsertRowid: '3' });
  expect((await run('DELETE FROM orders WHERE customer = :who', { who: 'Cy' })).output).toMatchObject({ changes: 1 });
});

test('sqlite.export keeps a CSV file with the job', async () => {
  const sql = 'SELECT id, customer AS "who, exactly" FROM orders';
  const { artifacts, output } = await runStep(exportCsv, { config: { database, sql, file: 'orders.csv' } });
  expect(output).toMatchObject({ rowCount: 2 });
  expect(artifacts).toMatchObject([{ name: 'orders.csv', contentType: 'text/csv' }]);
  expect(artifacts[0]?.content.toString()).toBe('id,"who, exactly"\r\n1,Ada\r\n2,"Bo, Ltd"\r\n');
});
