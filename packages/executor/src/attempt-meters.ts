import type { AttemptOptions } from './attempt-options.ts';
import { AttemptRecords } from './attempt-records.ts';
import { Reservations } from './reservations.ts';

/** What counts an attempt's costs and holds them to the budgets. @param onPause one of them pauses the job */
export function openMeters(
  { budget, budgetStepId, cost, job, log, number, parts, pause, secrets, step, stop }: AttemptOptions,
  onPause: () => void,
): { records: AttemptRecords; reservations: Reservations } {
  const { db, logger, signals } = parts;
  const owner = { jobId: job.id, epoch: job.epoch, stepId: step.id, attempt: number };
  const shared = { db, owner, cost, lost: stop.lost, onLost: () => void stop.ask('lease-lost') };
  const records = new AttemptRecords({
    ...shared,
    mask: secrets.mask,
    onRecorded: () => signals.send('changed', job.id),
    onError: (error) => logger.error({ err: error, jobId: job.id }, 'costs of a step could not be stored'),
  });
  const reservations = new Reservations({
    ...shared,
    tenantId: job.tenantId,
    stepBudget: budget,
    budgetStepId,
    records,
    log,
    onPause() {
      pause.tell(true, performance.now());
      onPause();
    },
  });
  return { records, reservations };
}
