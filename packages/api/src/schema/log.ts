import type { LogLevel as CoreLogLevel } from '@signalbox/core/statuses';
import { countLogLines, readLogPage } from '@signalbox/db/log-pages';
import type { StoredLogLine } from '@signalbox/db/logs';
import { builder } from '../builder.ts';
import type { ApiContext } from '../context.ts';
import { decodeLogCursor, encodeLogCursor } from '../cursors.ts';
import { connectionType, type Page, pageOf } from './connection.ts';
import { type PageArgs, pageArgs, pageCost, readPageArgs } from './paging.ts';
import { LogLevel, LogStream } from './statuses.ts';

export const LogLine = builder.objectRef<StoredLogLine>('LogLine').implement({
  description: 'One line of the log of a job.',
  fields: (t) => ({
    cursor: t.string({
      description: 'Its place in the log, for `after` and `before` of `logs` and for `after` of `stepLogged`.',
      resolve: ({ seq }) => encodeLogCursor(seq),
    }),
    seq: t.exposeInt('seq', { description: "Its number within the job's log, from 1, without gaps." }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was written, by the clock of the worker.' }),
    level: t.expose('level', { type: LogLevel, description: 'How important it is.' }),
    stream: t.expose('stream', { type: LogStream, description: 'Who wrote it.' }),
    message: t.exposeString('message', {
      description: 'The text without its line end, with ANSI colours as they came; cut visibly after 256 KiB.',
    }),
    stepKey: t.exposeString('stepKey', {
      nullable: true,
      description: 'The step it belongs to; null for a line about the job itself.',
    }),
    attempt: t.exposeInt('attempt', { nullable: true, description: 'The attempt of that step, from 1.' }),
  }),
});

export const LogFilter = builder.inputType('LogFilter', {
  description: 'Which lines of a log; everything given must hold.',
  fields: (t) => ({
    stepKey: t.string({ description: 'Only lines of this step.' }),
    levels: t.field({
      type: [LogLevel],
      description: 'Only lines of one of these levels; an empty list is no restriction.',
    }),
    search: t.string({ description: 'Only lines that contain this text, in any case.' }),
    fromSeq: t.int({
      description: 'Only lines from this number on, itself included: the way to any place of a long log.',
    }),
    toSeq: t.int({ description: 'Only lines up to this number, itself included.' }),
  }),
});

const LogConnection = connectionType('Log', LogLine, 'log lines');

const LIMITS = { usual: 100, most: 1000 };

interface LogArgs extends PageArgs {
  filter?: {
    stepKey?: string | null;
    levels?: CoreLogLevel[] | null;
    search?: string | null;
    fromSeq?: number | null;
    toSeq?: number | null;
  } | null;
}

/** The arguments of every `logs` field. */
const logArgs = builder.args((t) => ({
  ...pageArgs(LIMITS),
  filter: t.field({ type: LogFilter, description: 'Which lines; all when absent.' }),
}));

/** What every `logs` field says of itself, except where the lines come from. */
export const logsField = {
  type: LogConnection,
  args: logArgs,
  complexity: pageCost(LIMITS),
};

/** A page of a job's log; `stepKey` narrows it to one step, whatever the filter says. */
export async function readLogs(
  { services }: ApiContext,
  jobId: string,
  args: LogArgs,
  stepKey?: string,
): Promise<Page<StoredLogLine>> {
  const request = readPageArgs(args, LIMITS);
  const filter = { ...args.filter, ...(stepKey === undefined ? {} : { stepKey }) };
  const elsewhere = stepKey !== undefined && args.filter?.stepKey != null && args.filter.stepKey !== stepKey;
  const { lines, more } = elsewhere
    ? { lines: [], more: false }
    : await readLogPage(services.db, jobId, {
        filter,
        afterSeq: request.after === undefined ? undefined : decodeLogCursor(request.after),
        beforeSeq: request.before === undefined ? undefined : decodeLogCursor(request.before),
        limit: request.limit,
        backward: request.backward,
      });
  const edges = lines.map((node) => ({ cursor: encodeLogCursor(node.seq), node }));
  return pageOf(edges, more, request, async () => (elsewhere ? 0 : countLogLines(services.db, jobId, filter)));
}
