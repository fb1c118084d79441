import { builder } from '../builder.ts';

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
      description: 'The most memory its child processes had at once, in bytes; null when it was not measured.',
    }),
    cpuMs: t.expose('cpuMs', {
      type: 'BigInt',
      nullable: true,
      description: 'CPU time of its child processes in milliseconds; null when it was not measured.',
    }),
  }),
});
