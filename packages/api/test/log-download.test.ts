import { readLogBatches } from '@signalbox/db/log-pages';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
let jobId: string;

beforeAll(async () => {
  api = await createApiFixture();
  jobId = await api.newJob();
  const job = await api.worker.claim(jobId);
  await api.worker.log(job, ['begins']);
  await api.worker.log(job, ['first', 'second \u001b[31mred\u001b[0m'], 'history', 'WARNING');
  await api.worker.log(
    job,
    Array.from({ length: 4_500 }, (_, index) => `${index} ${'x'.repeat(600)}`),
    'summary',
  );
});
afterAll(() => api.close());

const get = (query: string, init?: RequestInit) => fetch(`${api.url}/logs/${jobId}${query}`, init);
const lines = async (query: string) => (await (await get(query)).text()).split('\n').slice(0, -1);

test('a log comes as a file in one piece, whatever its length, in three shapes', async () => {
  const response = await get('');
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="?job-[0-9a-f-]+\.log"?$/);
  const text = (await response.text()).split('\n');
  expect(text).toHaveLength(4_504);
  expect(text[2]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z WARNING {2}\[history\] second red$/);
  expect(text[4_502]).toContain('4499 xxx');

  const objects = (await lines('?format=json')).map((line): { seq: number; message: string } => JSON.parse(line));
  expect(objects.map(({ seq }) => seq)).toEqual(Array.from({ length: 4_503 }, (_, index) => index + 1));
  expect(objects[2]?.message).toBe('second \u001b[31mred\u001b[0m');
  expect((await lines('?format=raw'))[2]).toBe('second \u001b[31mred\u001b[0m');
});

test('a part of a log is had by step, level, text and the numbers of lines', async () => {
  expect(await lines('?format=raw&step=history')).toHaveLength(2);
  expect(await lines('?format=raw&level=WARNING&level=ERROR&search=FIRST')).toEqual(['first']);
  expect(await lines('?format=raw&from=1&to=2')).toEqual(['begins', 'first']);
  expect(await lines('?step=nobody')).toEqual([]);
});

test('what the address gets wrong is told in one line', async () => {
  for (const [query, message] of [
    ['?format=pdf', 'format must be one of text, json, raw, not "pdf".'],
    ['?level=LOUD', 'level must be one of DEBUG, INFO, PROGRESS, SUCCESS, WARNING, ERROR, not "LOUD".'],
    ['?from=-3', 'from must be the number of a line, such as 1204, not "-3".'],
    ['?stepKey=a', 'There is no parameter "stepKey". There are: format, step, level, search, from, to.'],
  ]) {
    const response = await get(query ?? '');
    expect([response.status, await response.text()]).toEqual([400, `${message}\n`]);
  }
  const unknown = await fetch(`${api.url}/logs/00000000-0000-7000-8000-00000000dead`);
  expect(unknown.status).toBe(404);
});

test('who only asks for the head gets no body', async () => {
  const response = await get('', { method: 'HEAD' });
  expect([response.status, await response.text()]).toEqual([200, '']);
});

test('a log whose job is deleted meanwhile does not look complete', async () => {
  const id = await api.newJob();
  const job = await api.worker.claim(id);
  await api.worker.log(
    job,
    Array.from({ length: 2_500 }, (_, index) => String(index)),
  );
  const batches = readLogBatches(api.services.db, id, {});
  expect((await batches.next()).value).toHaveLength(2_000);
  await api.services.db.prisma.job.delete({ where: { id } });
  await expect(batches.next()).rejects.toThrow('was deleted while it was read');
});
