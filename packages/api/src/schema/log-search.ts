/** Finding one's way in a long log: from match to match, to a number, to a moment. */
import {
  countLogLines,
  countLogLinesBefore,
  findLogLineAt,
  type LogFilter as LogFilterShape,
  readLogPage,
} from '@signalbox/db/log-pages';
import type { StoredLogLine } from '@signalbox/db/logs';
import { builder } from '../builder.ts';
import type { ApiContext } from '../context.ts';
import { requestError } from '../request-error.ts';
import { Job } from './job.ts';
import { LogFilter, LogLine } from './log.ts';

interface Search {
  jobId: string;
  filter: LogFilterShape;
  seq: number;
}

/** The matching line nearest to a number, that one left out. */
async function neighbour(
  { services }: ApiContext,
  { filter, jobId }: Search,
  side: { afterSeq?: number; beforeSeq?: number; backward: boolean },
): Promise<StoredLogLine | null> {
  const { lines } = await readLogPage(services.db, jobId, { filter, ...side, limit: 1 });
  return lines[0] ?? null;
}

const LogMatches = builder.objectRef<Search>('LogMatches').implement({
  description: 'The lines of a log that match, seen from one line of it. Each field is read only when it is selected.',
  fields: (t) => ({
    total: t.int({
      description: 'How many match in the whole log.',
      complexity: 20,
      resolve: ({ filter, jobId }, _args, { services }) => countLogLines(services.db, jobId, filter),
    }),
    before: t.int({
      description: 'How many of them come before the line `seq`: the number of `previous`, counted from 1.',
      complexity: 20,
      resolve: ({ filter, jobId, seq }, _args, { services }) => countLogLinesBefore(services.db, jobId, filter, seq),
    }),
    previous: t.field({
      type: LogLine,
      nullable: true,
      description: 'The nearest one before the line `seq`; null when there is none.',
      complexity: 10,
      resolve: (search, _args, context) => neighbour(context, search, { beforeSeq: search.seq, backward: true }),
    }),
    next: t.field({
      type: LogLine,
      nullable: true,
      description: 'The nearest one behind the line `seq`; null when there is none.',
      complexity: 10,
      resolve: (search, _args, context) => neighbour(context, search, { afterSeq: search.seq, backward: false }),
    }),
    first: t.field({
      type: LogLine,
      nullable: true,
      description: 'The first one of the log; null when none matches.',
      complexity: 10,
      resolve: (search, _args, context) => neighbour(context, search, { backward: false }),
    }),
    last: t.field({
      type: LogLine,
      nullable: true,
      description: 'The last one of the log; null when none matches.',
      complexity: 10,
      resolve: (search, _args, context) => neighbour(context, search, { backward: true }),
    }),
  }),
});

builder.prismaObjectFields(Job, (t) => ({
  logMatches: t.field({
    type: LogMatches,
    description: 'Goes from match to match in the log: what matches before and behind a line, and how many there are.',
    args: {
      filter: t.arg({ type: LogFilter, description: 'Which lines; all when absent.' }),
      seq: t.arg.int({
        description:
          'The number of the line that it is seen from, which need not match or exist; the place before the first line when absent.',
      }),
    },
    select: { id: true },
    resolve: ({ id }, { filter, seq }) => ({ jobId: id, filter: filter ?? {}, seq: seq ?? 0 }),
  }),
  logLine: t.field({
    type: LogLine,
    nullable: true,
    description:
      'One line of the log: that of a number (`seq`), or the first one that was written at a moment or later (`at`). Its cursor leads to its surroundings by `logs`. Null when there is none.',
    args: {
      seq: t.arg.int({ description: 'The number of the line; not together with at.' }),
      at: t.arg({ type: 'DateTime', description: 'The moment, by the clock of the worker; not together with seq.' }),
    },
    complexity: 10,
    select: { id: true },
    resolve: async ({ id }, { at, seq }, context) => {
      if ((at == null) === (seq == null)) throw requestError('Give either "seq" or "at": which line is meant?');
      const wanted = at ? await findLogLineAt(context.services.db, id, at) : seq;
      if (wanted == null) return null;
      return neighbour(
        context,
        { jobId: id, filter: {}, seq: wanted },
        { afterSeq: wanted - 1, beforeSeq: wanted + 1, backward: false },
      );
    },
  }),
}));
