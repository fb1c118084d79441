import { shortId } from '../../ids/short-id.ts';
import { formatExact } from '../../time/moment.ts';
import type { StepOnPage } from './on-page.ts';

/** Whether it is for somebody to decide about the step now. */
export function asksForDecision({ approval, status }: Pick<StepOnPage, 'approval' | 'status'>): boolean {
  return status === 'WAITING' && approval !== null && approval.approved === null;
}

/** What a WAITING step waits for and until when, to stand behind its name; undefined when it does not wait. */
export function waitWords(step: StepOnPage): string | undefined {
  if (step.status !== 'WAITING') return undefined;
  const at = step.waitUntil === null ? undefined : formatExact(Date.parse(step.waitUntil));
  const atMost = at === undefined ? '' : `, until ${at} at most`;
  if (asksForDecision(step)) return `waits for an approval${atMost}`;
  if (step.approval) return 'decided, goes on in a moment';
  if (step.childJob) return `waits for the job ${shortId(step.childJob.id)}${atMost}`;
  // It failed, and its error is what the next try is for.
  if (step.error) return at === undefined ? 'is tried again' : `next try at ${at}`;
  return at === undefined ? 'waits' : `waits until ${at}`;
}
