import { isFinal, type Job, type StepsUpdate } from '../client/client.ts';
import type { Terminal } from './terminal.ts';
import { duration, paintedStatus } from './words.ts';

type WatchedJob = NonNullable<StepsUpdate['job']>;
type Step = WatchedJob['steps'][number];

/** Tells what has changed in a job and its steps since it was last looked at. */
export class StepReporter {
  readonly #terminal: Terminal;
  readonly #seen = new Map<string, string>();
  #status: Job['status'] | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  report(job: WatchedJob): void {
    const isNews = job.status !== this.#status;
    const isEnd = isFinal(job.status);
    if (isNews && !isEnd) this.#reportJob(job);
    for (const step of job.steps) {
      const state = `${step.status} ${step.attemptNumber}`;
      const before = this.#seen.get(step.key);
      this.#seen.set(step.key, state);
      if (before !== state && !(before === undefined && step.status === 'PENDING')) this.#reportStep(job.id, step);
    }
    if (isNews && isEnd) this.#reportJob(job);
    this.#status = job.status;
  }

  #reportJob({ id, progress, status }: WatchedJob): void {
    const terminal = this.#terminal;
    if (terminal.isJson) {
      terminal.json({ event: 'job', id, status, progress }, { compact: true });
      return;
    }
    // What it ended with is told by whoever follows it.
    if (!isFinal(status)) terminal.line(`job ${paintedStatus(terminal, status)}`);
    if (status === 'PAUSED') terminal.note(`  signalbox resume ${id} lets it go on`);
  }

  #reportStep(jobId: string, step: Step): void {
    const terminal = this.#terminal;
    const { approval, attemptNumber, durationMs, error, key, skippedBecause, status } = step;
    if (terminal.isJson) {
      terminal.json({ event: 'step', ...step }, { compact: true });
      return;
    }
    const isOver = status !== 'RUNNING' && status !== 'WAITING' && status !== 'PENDING';
    const details = [
      attemptNumber > 1 ? `attempt ${attemptNumber}` : '',
      isOver && durationMs !== null ? duration(durationMs) : '',
      status === 'SKIPPED' ? (skippedBecause ?? '') : '',
      error?.message ?? '',
    ].filter(Boolean);
    terminal.line(
      `step ${terminal.paint('bold', key)} ${paintedStatus(terminal, status)}${details.length > 0 ? `  ${details.join(', ')}` : ''}`,
    );
    if (status === 'WAITING' && approval)
      terminal.note(`  ${approval.message}\n  signalbox approve ${jobId} '${key}', or reject`);
  }
}
