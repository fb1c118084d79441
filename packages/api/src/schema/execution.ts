import { builder } from '../builder.ts';

/** What is measured, for the descriptions. */
export const PROGRAMS =
  'all programs that were started, with everything these started in turn, so far while it lasts; what step types do within the worker itself is not in it, since that cannot be told apart';

export const Execution = builder.prismaObject('Execution', {
  description: 'A period in which one worker held a job.',
  select: { id: true },
  fields: (t) => ({
    id: t.exposeID('id', { description: 'UUIDv7 of this period.' }),
    worker: t.exposeString('workerName', { description: 'The name of the worker.' }),
    queue: t.exposeString('queue', { description: 'The queue it came from.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When the worker took the job.' }),
    completedAt: t.expose('completedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null while it lasts.',
    }),
    outcome: t.exposeString('outcome', {
      nullable: true,
      description:
        'completed, failed, cancelled, waiting, paused, released (handed back by a worker that stopped) or lost (the worker vanished); null while it lasts.',
    }),
    peakMemoryBytes: t.expose('peakMemoryBytes', {
      type: 'BigInt',
      nullable: true,
      description: `The most memory at once, in bytes, of ${PROGRAMS}. Null when there were none, or when they ended too soon to be seen.`,
    }),
    cpuMs: t.expose('cpuMs', {
      type: 'BigInt',
      nullable: true,
      description: `CPU time, in milliseconds, of ${PROGRAMS}. Null when there were none.`,
    }),
  }),
});
