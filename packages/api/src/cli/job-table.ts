import type { Job } from '../client/client.ts';
import type { Terminal } from './terminal.ts';
import { age, duration, paintedStatus } from './words.ts';

/** Jobs as people read them, one a line. */
export function jobTable(terminal: Terminal, jobs: readonly Job[]): string {
  return terminal.table(
    ['ID', 'STATUS', 'WORKFLOW', 'STEPS', 'AGE', 'TOOK', 'SUBJECT'],
    jobs.map((job) => [
      job.id,
      paintedStatus(
        terminal,
        job.cancelRequestedAt && job.status !== 'CANCELLED' ? `${job.status}, cancelling` : job.status,
      ),
      job.workflow.slug,
      `${job.progress.completedSteps}/${job.progress.totalSteps}`,
      age(job.createdAt),
      job.durationMs === null ? '' : duration(job.durationMs),
      job.subject ?? '',
    ]),
  );
}
