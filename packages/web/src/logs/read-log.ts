import { uncached } from '../app/client.ts';
import { describeError } from '../app/failure.ts';
import { graphql, type ResultOf, type VariablesOf } from '../app/graphql.ts';
import type { LogSelection } from './line.ts';

export const LogLineFields = graphql(`
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
    query JobLog(
      $id: ID!
      $first: Int
      $after: String
      $last: Int
      $before: String
      $filter: LogFilter
      $count: Boolean = false
    ) {
      job(id: $id) {
        id
        logs(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
          totalCount @include(if: $count)
          edges {
            cursor
            node {
              ...LogLineFields
            }
          }
          pageInfo {
            hasNextPage
            hasPreviousPage
          }
        }
      }
    }
  `,
  [LogLineFields],
);

export type LogConnection = NonNullable<ResultOf<typeof JobLog>['job']>['logs'];
type Variables = VariablesOf<typeof JobLog>;
export type LogWindow = Pick<Variables, 'first' | 'after' | 'last' | 'before' | 'count'> & {
  fromSeq?: number;
  toSeq?: number;
};

/** One page of a selection of a job's log. Rejects with words for the reader. */
export async function readLog(
  id: string,
  { stepKey, levels, search }: LogSelection,
  { fromSeq, toSeq, ...window }: LogWindow,
): Promise<LogConnection> {
  const filter = { stepKey, levels: levels && [...levels], search: search || undefined, fromSeq, toSeq };
  const { data, error } = await uncached.query(JobLog, { id, filter, ...window });
  if (!data) {
    const { title, message } = describeError(error);
    throw new Error(`${title}. ${message}`);
  }
  if (!data.job) throw new Error('The job is not there any more.');
  return data.job.logs;
}
