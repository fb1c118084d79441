import { uncached } from '../app/client.ts';
import { describeError } from '../app/failure.ts';
import { graphql, type ResultOf } from '../app/graphql.ts';
import { type LogLine, type LogSelection, selects } from './line.ts';
import type { LogPage, LogSource } from './log-store.ts';

const LogLineFields = graphql(`
  fragment LogLineFields on LogLine @_unmask {
    cursor
    seq
    at
    level
    stream
    message
    stepKey
    attempt
  }
`);

const JobLog = graphql(
  `
    query JobLog($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $filter: LogFilter) {
      job(id: $id) {
        id
        logs(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
          totalCount
          edges {
            cursor
            node {
              ...LogLineFields
            }
          }
          pageInfo {
            startCursor
            endCursor
            hasNextPage
            hasPreviousPage
          }
        }
      }
    }
  `,
  [LogLineFields],
);

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

type Connection = NonNullable<ResultOf<typeof JobLog>['job']>['logs'];
type Window = { first: number; after?: string | null } | { last: number; before?: string };

/** The log of a job, or a selection of it, from the API. */
export function jobLogSource(jobId: string, selection: LogSelection): LogSource {
  const { stepKey } = selection;
  const selective = (selection.levels?.length ?? 0) > 0 || (selection.search ?? '') !== '';
  return {
    async latest(count) {
      // The last line that is selected may be far from the end. The end is read first, so that no line falls between.
      const end = selective ? await readLog(jobId, { stepKey }, { last: 1 }) : undefined;
      const log = await readLog(jobId, selection, { last: count });
      return { ...pageOf(log), followFrom: (end ?? log).edges.at(-1)?.node.cursor ?? null };
    },
    older: async (before, count) => pageOf(await readLog(jobId, selection, { last: count, before })),
    async newer(after, count) {
      const { edges, pageInfo } = await readLog(jobId, selection, { first: count, after });
      return { lines: edges.map(({ node }) => node), hasNewer: pageInfo.hasNextPage };
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

/** All lines of a selection, oldest first, a page at a time. Rejects with words for the reader. */
export async function* readWholeLog(jobId: string, selection: LogSelection, page = 1_000): AsyncGenerator<LogLine[]> {
  let after: string | null = null;
  while (true) {
    const { edges, pageInfo }: Connection = await readLog(jobId, selection, { first: page, after });
    yield edges.map(({ node }) => node);
    if (!pageInfo.hasNextPage || pageInfo.endCursor === null) return;
    after = pageInfo.endCursor;
  }
}

async function readLog(id: string, { stepKey, levels, search }: LogSelection, window: Window): Promise<Connection> {
  const filter = { stepKey, levels: levels && [...levels], search: search || undefined };
  const { data, error } = await uncached.query(JobLog, { id, filter, ...window });
  if (!data) {
    const { title, message } = describeError(error);
    throw new Error(`${title}. ${message}`);
  }
  if (!data.job) throw new Error('The job is not there any more.');
  return data.job.logs;
}

function pageOf({ edges, totalCount, pageInfo }: Connection): LogPage {
  return {
    lines: edges.map(({ node }) => node),
    total: totalCount,
    hasOlder: pageInfo.hasPreviousPage,
    startCursor: pageInfo.startCursor,
  };
}
