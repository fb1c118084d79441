import { readFileSync } from 'node:fs';
import { buildSchema, isEnumType } from 'graphql';
import { expect, test } from 'vitest';
import { isFinal, JOB_LOOKS, jobLook, STEP_LOOKS } from '../src/status/tone.ts';

const schema = buildSchema(readFileSync(new URL('../../api/schema.graphql', import.meta.url), 'utf8'));

function valuesOf(name: string): string[] {
  const type = schema.getType(name);
  if (!isEnumType(type)) throw new Error(`${name} is no enum of the API.`);
  return type.getValues().map((value) => value.name);
}

test('every status that the API has is shown with a colour, an icon and a word', () => {
  expect(Object.keys(JOB_LOOKS).sort()).toEqual(valuesOf('JobStatus').sort());
  expect(Object.keys(STEP_LOOKS).sort()).toEqual(valuesOf('StepStatus').sort());
  for (const look of [...Object.values(JOB_LOOKS), ...Object.values(STEP_LOOKS)]) {
    expect(look.tone && look.icon && look.word).toBeTruthy();
  }
});

test.each([
  ['QUEUED', 'queued', 'clock'],
  ['RUNNING', 'running', 'spinner'],
  ['COMPLETED', 'completed', 'check'],
  ['FAILED', 'failed', 'cross'],
  ['CANCELLED', 'cancelled', 'slash'],
] as const)('%s is %s with a %s', (status, tone, icon) => {
  expect(JOB_LOOKS[status]).toMatchObject({ tone, icon });
});

test('a cancel or a pause that is still taking effect is shown although the status has not changed', () => {
  const none = { cancelRequestedAt: null, pauseRequestedAt: null };
  const asked = '2026-11-21T10:30:00Z';
  expect(jobLook('RUNNING', none).word).toBe('Running');
  expect(jobLook('RUNNING', { ...none, cancelRequestedAt: asked }).word).toBe('Cancelling');
  expect(jobLook('RUNNING', { ...none, pauseRequestedAt: asked }).word).toBe('Pausing');
  expect(jobLook('CANCELLED', { ...none, cancelRequestedAt: asked }).word).toBe('Cancelled');
});

test('nothing happens by itself after a final status', () => {
  expect(['COMPLETED', 'FAILED', 'CANCELLED', 'SKIPPED'].every((status) => isFinal(status as 'FAILED'))).toBe(true);
  expect((['CREATED', 'QUEUED', 'RUNNING', 'WAITING', 'PAUSED'] as const).some(isFinal)).toBe(false);
});
