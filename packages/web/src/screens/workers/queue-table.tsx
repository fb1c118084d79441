import { DataTable, figureHeads } from '../../app/data-table.tsx';
import { PRIORITY_WORDS } from '../../status/priority.ts';
import { Ago } from '../../time/ago.tsx';
import { formatDuration } from '../../time/duration.ts';
import type { Queue } from './documents.ts';
import { queueReason } from './health.ts';
import { Meter } from './meter.tsx';
import classes from './screen.module.css';

const HEADS = [
  'Queue',
  ...figureHeads(['Queued']),
  'Why they wait',
  ...figureHeads(['Running', 'Waiting']),
  'Slots',
  ...figureHeads(['Workers', 'Median wait', 'p95 wait', 'Oldest']),
];
const duration = (ms: number | null) => (ms === null ? '–' : formatDuration(ms));

/** How deep each queue is, who serves it, how long jobs stand in it and why. */
export function QueueTable({ queues }: { queues: readonly Queue[] }) {
  return (
    <DataTable heads={HEADS}>
      {queues.map((queue) => (
        <tr key={queue.name}>
          <th scope="row">{queue.name}</th>
          <td data-label="Queued" data-right title={byPriority(queue)}>
            <strong>{queue.queued.toLocaleString('en')}</strong>
          </td>
          <td data-label="Why they wait" className={classes.reason} data-alone={queue.workers === 0 || undefined}>
            {queueReason(queue) ?? '–'}
          </td>
          <td data-label="Running" data-right>
            {queue.running.toLocaleString('en')}
          </td>
          <td data-label="Waiting" data-right>
            {queue.waiting.toLocaleString('en')}
          </td>
          <td data-label="Slots">
            <Meter
              running
              label={`Slots for ${queue.name} that are taken`}
              value={queue.taken}
              most={queue.slots}
              text={`${queue.taken} of ${queue.slots}`}
            />
          </td>
          <td data-label="Workers" data-right>
            {queue.workers}
          </td>
          <td data-label="Median wait" data-right>
            {duration(queue.medianWaitMs)}
          </td>
          <td data-label="p95 wait" data-right>
            {duration(queue.p95WaitMs)}
          </td>
          <td data-label="Oldest" data-right>
            {queue.oldestQueuedAt === null ? '–' : <Ago at={queue.oldestQueuedAt} />}
          </td>
        </tr>
      ))}
    </DataTable>
  );
}

function byPriority({ queuedByPriority }: Queue): string {
  return queuedByPriority.map(({ priority, count }) => `${PRIORITY_WORDS[priority]}: ${count}`).join(', ');
}
