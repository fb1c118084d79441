import { runStep } from '@signalbox/plugin-sdk/testing';
import { describe, expect, test } from 'vitest';
import { approval } from '../src/approval.ts';
import { wait } from '../src/wait.ts';

describe('wait', () => {
  test('asks to be parked for a time or until a moment, and is done when it runs again', async () => {
    const before = Date.now();
    const { wait: asked } = await runStep(wait, { config: { for: '2m' } });
    expect(asked?.until?.getTime()).toBeGreaterThanOrEqual(before + 120_000);
    const until = new Date(Date.now() + 3_600_000);
    const parked = await runStep(wait, { config: { until: until.toISOString() } });
    expect(parked.wait).toEqual({ until });
    const { output } = await runStep(wait, { config: { for: '2m' }, resume: {} });
    expect(Date.parse(output?.endedAt ?? '')).toBeGreaterThanOrEqual(before);
  });

  test('does not ask for a moment that has passed', async () => {
    const { output, wait: asked } = await runStep(wait, { config: { until: '2020-01-01T00:00:00+02:00' } });
    expect(asked).toBeUndefined();
    expect(output).toEqual({ endedAt: expect.any(String) });
  });

  test.each([{ until: 'tomorrow' }, { for: '99999999999h' }])('fails for what no calendar has: $0', async (config) => {
    const { failure } = await runStep(wait, { config });
    expect(failure).toMatchObject({ category: 'USER_INPUT', retryable: false });
  });
});

describe('approval', () => {
  test('asks with its message, and with its form as the schema of an object', async () => {
    const { wait: asked } = await runStep(approval, { config: { message: 'Go?', form: { properties: {} } as never } });
    expect(asked).toEqual({ approval: { message: 'Go?', form: { type: 'object', properties: {} } } });
  });

  test('completes with the decision, and fails with the comment when it is rejected', async () => {
    const config = { message: 'Go?' };
    const decidedAt = '2026-11-27T10:00:00.000Z';
    const { output } = await runStep(approval, { config, resume: { approved: true, form: { a: 1 }, decidedAt } });
    expect(output).toEqual({ approved: true, comment: null, form: { a: 1 }, decidedAt });
    const { failure } = await runStep(approval, { config, resume: { approved: false, comment: 'not today' } });
    expect(failure).toMatchObject({ category: 'USER_INPUT', message: 'Rejected: not today' });
  });
});
