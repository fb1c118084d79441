/** States that are told as a whole whenever they change: counts, workers, queues. */
import { JOB_STATUSES } from '@signalbox/core/statuses';
import type { StatusCount as StatusCountShape } from '@signalbox/db/job-list';
import type { QueueRow } from '@signalbox/db/queues';
import type { WorkerRow } from '@signalbox/db/workers';
import { builder } from '../builder.ts';
import { checkStateCursor } from '../cursors.ts';
import type { StateUpdate } from '../live/state-feed.ts';
import { JobFilter } from './job-filter.ts';
import { Queue } from './queue.ts';
import { StatusCount } from './status-count.ts';
import { Worker } from './worker.ts';

const CURSOR = 'Stands for this state: pass it as `after`, and the first payload comes when the state is another one.';
const TELLING =
  'The present state first (with `after` only when it is another one than that of the cursor), then each new one; of changes that come within a tenth of a second, or while a reader is slow, only the newest state is told. Errors: BAD_CURSOR.';

const afterArg = builder.args((t) => ({
  after: t.string({ description: 'The cursor of the last payload that was received.' }),
}));

const CountsUpdate = builder.objectRef<StateUpdate<StatusCountShape[]>>('CountsUpdate').implement({
  description: 'How many jobs match now.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: CURSOR }),
    counts: t.field({
      type: [StatusCount],
      description: 'For every state in the order of the life cycle, zeros included.',
      complexity: { field: 1, multiplier: JOB_STATUSES.length },
      resolve: ({ state }) => state,
    }),
    total: t.int({
      description: 'In all states together.',
      resolve: ({ state }) => state.reduce((sum, { count }) => sum + count, 0),
    }),
  }),
});

builder.subscriptionField('countsUpdated', (t) =>
  t.field({
    type: CountsUpdate,
    description: `How many jobs match, in each state. ${TELLING}`,
    args: { ...afterArg, filter: t.arg({ type: JobFilter, description: 'Which jobs; all when absent.' }) },
    subscribe: (_root, { after, filter }, { services, viewer }) =>
      services.states.counts.watch(
        { tenantId: viewer.tenantId, filter: filter ?? {} },
        after == null ? undefined : checkStateCursor(after, 'counts'),
      ),
    resolve: (update) => update,
  }),
);

const WorkersUpdate = builder.objectRef<StateUpdate<WorkerRow[]>>('WorkersUpdate').implement({
  description: 'The workers now.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: CURSOR }),
    workers: t.field({
      type: [Worker],
      description: 'As the query `workers` gives them.',
      resolve: ({ state }) => state,
    }),
  }),
});

builder.subscriptionField('workersUpdated', (t) =>
  t.field({
    type: WorkersUpdate,
    description: `The workers with what they hold and use; heartbeats and lost workers are told within 2 seconds. ${TELLING}`,
    args: afterArg,
    subscribe: (_root, { after }, { services, viewer }) =>
      services.states.workers.watch(
        { tenantId: viewer.tenantId },
        after == null ? undefined : checkStateCursor(after, 'workers'),
      ),
    resolve: (update) => update,
  }),
);

const QueuesUpdate = builder.objectRef<StateUpdate<QueueRow[]>>('QueuesUpdate').implement({
  description: 'The queues now.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: CURSOR }),
    queues: t.field({ type: [Queue], description: 'As the query `queues` gives them.', resolve: ({ state }) => state }),
  }),
});

builder.subscriptionField('queuesUpdated', (t) =>
  t.field({
    type: QueuesUpdate,
    description: `How deep each queue is, and who serves it. ${TELLING}`,
    args: afterArg,
    subscribe: (_root, { after }, { services, viewer }) =>
      services.states.queues.watch(
        { tenantId: viewer.tenantId },
        after == null ? undefined : checkStateCursor(after, 'queues'),
      ),
    resolve: (update) => update,
  }),
);
