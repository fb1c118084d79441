import { expect, test } from 'vitest';
import { stepsThatRunAgain } from '../src/screens/job/again/runs-again.ts';
import { creationAsCurl } from '../src/screens/job/copy-as.ts';
import { remediesFor } from '../src/screens/job/remedy.ts';

const step = (key: string, needs: string[], status: 'COMPLETED' | 'FAILED' | 'SKIPPED' = 'COMPLETED') => ({
  key,
  needs,
  status,
  itemIndex: null,
});

test('a fork runs again what it begins with, what had not completed, and all that is behind these', () => {
  const steps = [step('a', []), step('b', ['a']), step('c', ['a'], 'FAILED'), step('d', ['c']), step('e', ['b'])];
  expect([...stepsThatRunAgain(steps, 'b')].sort()).toEqual(['b', 'c', 'd', 'e']);
  expect([...stepsThatRunAgain(steps, undefined)].sort()).toEqual(['c', 'd']);
});

test('a remedy is offered only where the job allows what it takes', () => {
  expect(remediesFor('USER_INPUT', ['RERUN', 'DELETE'])).toEqual(['EDIT_INPUT']);
  expect(remediesFor('NETWORK', ['RESUME', 'FORK'])).toEqual(['RESUME', 'FORK']);
  expect(remediesFor('CONFIGURATION', [])).toEqual(['WORKFLOW']);
});

test('a copied command is one word for a shell, whatever quotes its input has', () => {
  const job = {
    id: '1',
    input: { say: `it's "so"` },
    subject: null,
    labels: [],
    priority: 'HIGH',
    workflow: { slug: 'w' },
  };
  const command = creationAsCurl(job, 'http://127.0.0.1:4000');
  const body = /-d '([\s\S]*)'$/.exec(command)?.[1]?.replaceAll(`'\\''`, "'") ?? '';
  expect(JSON.parse(body)).toMatchObject({
    variables: { input: { workflow: 'w', input: job.input, priority: 'HIGH' } },
  });
});
