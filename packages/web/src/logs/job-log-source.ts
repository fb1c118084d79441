import { uncached } from '../app/client.ts';
import { describeError } from '../app/failure.ts';
import { graphql } from '../app/graphql.ts';
import { type LogSelection, selects } from './line.ts';
import type { LogPage, LogSource } from './log-source.ts';
import { type LogConnection, LogLineFields, readLog } from './read-log.ts';

const StepLogged = graphql(
  `
    subscription StepLogged($jobId: ID!, $stepKey: String, $after: String) {
      stepLogged(jobId: $jobId, stepKey: $stepKey, after: $after) {
        cursor
        lines {
          ...LogLineFields
        }
      }
    }
  `,
  [LogLineFields],
);

/** The log of a job, or a selection of it, from the API. */
export function jobLogSource(jobId: string, selection: LogSelection): LogSource {
  const { stepKey } = selection;
  const selective = (selection.levels?.length ?? 0) > 0 || (selection.search ?? '') !== '';
  return {
    async latest(count) {
      // The last line that is selected may be far from the end. The end is read first, so that no line falls between.
      const end = selective ? await readLog(jobId, { stepKey }, { last: 1 }) : undefined;
      const [log, beginning] = await Promise.all([
        readLog(jobId, selection, { last: count, count: true }),
        readLog(jobId, selection, { first: 1 }),
      ]);
      return {
        ...pageOf(log),
        total: log.totalCount ?? log.edges.length,
        firstSeq: beginning.edges[0]?.node.seq ?? 0,
        followFrom: (end ?? log).edges.at(-1)?.cursor ?? null,
      };
    },
    older: async (before, count) => pageOf(await readLog(jobId, selection, { last: count, before })),
    newer: async (after, count) => pageOf(await readLog(jobId, selection, { first: count, after })),
    async around(seq, count) {
      const half = Math.ceil(count / 2);
      const [before, behind] = await Promise.all([
        readLog(jobId, selection, { last: half, toSeq: seq - 1 }),
        readLog(jobId, selection, { first: half, fromSeq: seq }),
      ]);
      return {
        lines: [...pageOf(before).lines, ...pageOf(behind).lines],
        hasOlder: before.pageInfo.hasPreviousPage,
        hasNewer: behind.pageInfo.hasNextPage,
      };
    },
    follow(after, sink) {
      const { unsubscribe } = uncached
        .subscription(StepLogged, { jobId, stepKey, after })
        .subscribe(({ data, error, hasNext }) => {
          if (data) {
            const { lines, cursor } = data.stepLogged;
            sink.lines(
              lines.filter((line) => selects(selection, line)),
              cursor,
            );
          } else if (error) {
            sink.fail(describeError(error).message);
          }
          if (!hasNext) sink.complete();
        });
      return unsubscribe;
    },
  };
}

function pageOf({ edges, pageInfo }: LogConnection): LogPage {
  return {
    lines: edges.map(({ node }) => node),
    hasOlder: pageInfo.hasPreviousPage,
    hasNewer: pageInfo.hasNextPage,
  };
}
