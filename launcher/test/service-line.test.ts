import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { serviceLine } from '../src/service-line.ts';

const time = new Date(2026, 10, 22, 9, 5, 7).getTime();
const shown = (entry: object) =>
  stripVTControlCharacters(serviceLine('api', JSON.stringify({ time, level: 30, ...entry })));

test('a message is shown with the time, the service and what belongs to it', () => {
  expect(shown({ name: 'api', msg: 'listening' })).toBe('09:05:07 [api] listening');
  expect(shown({ pid: 1, msg: 'ready', queues: ['default'], concurrency: 10, model: 'offline/echo' })).toBe(
    '09:05:07 [api] ready queues=["default"] concurrency=10 model=offline/echo',
  );
});

test('warnings and errors stand out, warnings with their cause, errors with the stack of it below', () => {
  expect(shown({ level: 40, msg: 'slow' })).toBe('09:05:07 [api] warning: slow');
  expect(shown({ level: 40, msg: 'slow', err: { message: 'busy', stack: 'Error: busy\n    at place' } })).toBe(
    '09:05:07 [api] warning: slow (busy)',
  );
  expect(shown({ level: 60, msg: 'broken', err: { message: 'no', stack: 'Error: no\n    at place' } })).toBe(
    '09:05:07 [api] error: broken\n    Error: no\n        at place',
  );
});

test.each(['plain words', '{ not JSON', '{"no":"message"}', ''])(
  'what no logger wrote is shown as it is: %s',
  (line) => {
    expect(stripVTControlCharacters(serviceLine('api', line))).toMatch(/^\d\d:\d\d:\d\d \[api\] /);
    expect(serviceLine('api', line).endsWith(line)).toBe(true);
  },
);
