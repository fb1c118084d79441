import type { JobChange } from '@signalbox/db/job-change';
import type { SecretMask } from './secret-mask.ts';

type Change = Omit<JobChange, 'jobId' | 'epoch'>;

/** A change with what the plan says in it masked: reasons of skips, failed expressions, items, the end. Attempts mask their own. */
export function maskedChange(change: Change, mask: SecretMask): Change {
  if (!mask.active) return change;
  const text = (given: string | null) => (given === null ? null : mask.text(given));
  const failure = <Failure extends { message: string }>(error: Failure | null) =>
    error && { ...error, message: mask.text(error.message) };
  const { closed, expanded, settled } = change;
  return {
    ...change,
    ...(closed && {
      closed: closed.map((step) => ({
        ...step,
        because: text(step.because),
        error: failure(step.error),
        ...(step.output !== undefined && { output: mask.json(step.output) }),
      })),
    }),
    ...(expanded && {
      expanded: expanded.map((step) => ({
        ...step,
        items: step.items.map((item) => ({ ...item, item: mask.json(item.item) })),
      })),
    }),
    ...(settled && { settled: { ...settled, output: mask.json(settled.output), error: failure(settled.error) } }),
  };
}
