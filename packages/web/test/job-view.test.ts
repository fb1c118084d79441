import { describe, expect, test } from 'vitest';
import { followedStep } from '../src/screens/job/followed.ts';
import { changedJobView, readJobView, writeJobView } from '../src/screens/job/view.ts';

describe('the URL of a job', () => {
  test('gives back everything that was put into it', () => {
    const view = { step: 'item[3]', tab: 'output', middle: 'log', panel: 'info', line: { from: 12, to: 15 } } as const;
    const written = writeJobView(new URLSearchParams(), view).toString();
    expect(readJobView(new URLSearchParams(written))).toEqual(view);
  });

  test('stays bare for the page as it is at first, and keeps the parameters of others', () => {
    const plain = readJobView(new URLSearchParams());
    expect(writeJobView(new URLSearchParams('step=a&tab=input&new='), plain).toString()).toBe('new=');
  });

  test('names no lines of the log of the step before, but keeps them while the step stays', () => {
    const view = { ...readJobView(new URLSearchParams('step=a&line=12-15')), panel: 'steps' } as const;
    const line = { from: 12, to: 15 };
    expect(changedJobView(view, { step: 'b' }).line).toBeUndefined();
    expect(changedJobView(view, { step: undefined }).line).toBeUndefined();
    expect(changedJobView(view, { step: 'a', tab: 'output' }).line).toEqual(line);
    expect(changedJobView(view, { tab: 'output' }).line).toEqual(line);
    expect(changedJobView(view, { step: 'b', line: { from: 3, to: 3 } }).line).toEqual({ from: 3, to: 3 });
  });
});

const AT = '2026-11-21T10:30:00Z';

describe('the step that a page follows', () => {
  const steps = [
    { key: 'a', status: 'COMPLETED', startedAt: AT, itemIndex: null },
    { key: 'b', status: 'RUNNING', startedAt: AT, itemIndex: null },
    { key: 'c', status: 'PENDING', startedAt: null, itemIndex: null },
  ] as const;
  const at = (key: string | null) => ({ currentStep: key === null ? null : { key } });

  test('is the one that made the job fail', () => {
    expect(followedStep({ status: 'FAILED', error: { step: { key: 'a' } }, progress: at('b') }, steps)).toBe('a');
    expect(
      followedStep({ status: 'FAILED', error: null, progress: at(null) }, [
        steps[0],
        { ...steps[1], status: 'FAILED' },
      ]),
    ).toBe('b');
  });

  test('is the one that runs', () => {
    expect(followedStep({ status: 'RUNNING', error: null, progress: at('b') }, steps)).toBe('b');
    expect(followedStep({ status: 'RUNNING', error: null, progress: at(null) }, steps)).toBe('b');
  });

  test('is the last that began when the job is over, whatever was cancelled or skipped behind it', () => {
    const cut = [
      steps[0],
      { ...steps[1], status: 'CANCELLED' as const },
      { ...steps[2], status: 'CANCELLED' as const },
    ];
    expect(followedStep({ status: 'CANCELLED', error: null, progress: at(null) }, cut)).toBe('b');
  });

  test('is the last when all are done, and the first before the job began', () => {
    const ended = steps.map(({ key }) => ({ key, status: 'COMPLETED' as const, startedAt: AT, itemIndex: null }));
    expect(followedStep({ status: 'COMPLETED', error: null, progress: at(null) }, ended)).toBe('c');
    const fresh = steps.map(({ key }) => ({ key, status: 'PENDING' as const, startedAt: null, itemIndex: null }));
    expect(followedStep({ status: 'QUEUED', error: null, progress: at(null) }, fresh)).toBe('a');
    expect(followedStep({ status: 'QUEUED', error: null, progress: at(null) }, [])).toBeUndefined();
  });

  test('is the step of the items when there are many that come and go, and the item itself when there are few', () => {
    const items = (count: number) => [
      steps[0],
      ...Array.from({ length: count }, (_, index) => ({ ...steps[1], key: `b[${index}]`, itemIndex: index })),
    ];
    const job = { status: 'RUNNING', error: null, progress: at('b[2]') } as const;
    expect(followedStep(job, items(7))).toBe('b');
    expect(followedStep(job, items(3))).toBe('b[2]');
  });
});
