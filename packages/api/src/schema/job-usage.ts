import { builder } from '../builder.ts';
import { PROGRAMS } from './execution.ts';
import { Job } from './job.ts';

builder.prismaObjectFields(Job, (t) => ({
  peakMemoryBytes: t.field({
    type: 'BigInt',
    nullable: true,
    description: `The most memory at once, in bytes, of ${PROGRAMS}; of several executions that of the greatest. Null when nothing was measured.`,
    complexity: 3,
    select: { executions: { select: { peakMemoryBytes: true } } },
    resolve: ({ executions }) => {
      const peaks = executions.flatMap(({ peakMemoryBytes }) => peakMemoryBytes ?? []);
      return peaks.toSorted((one, other) => (one < other ? -1 : 1)).at(-1) ?? null;
    },
  }),
  cpuMs: t.field({
    type: 'BigInt',
    nullable: true,
    description: `CPU time, in milliseconds, of ${PROGRAMS}; the sum over its executions. Null when nothing was measured.`,
    complexity: 3,
    select: { executions: { select: { cpuMs: true } } },
    resolve: ({ executions }) => {
      const times = executions.flatMap(({ cpuMs }) => cpuMs ?? []);
      return times.length === 0 ? null : times.reduce((sum, time) => sum + time);
    },
  }),
}));
