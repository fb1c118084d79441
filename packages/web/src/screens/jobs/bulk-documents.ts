import { graphql } from '../../app/graphql.ts';
import { JobRowFields } from './documents.ts';

const BulkOutcome = graphql(`
  fragment BulkOutcome on BulkResult @_unmask {
    done
    refusedCount
    remaining
    refused {
      id
      error {
        __typename
        message
      }
    }
  }
`);

export const RetryJobs = graphql(
  `
    mutation RetryJobs($ids: [ID!], $filter: JobFilter, $limit: Int) {
      result: retryJobs(ids: $ids, filter: $filter, limit: $limit) {
        ...BulkOutcome
      }
    }
  `,
  [BulkOutcome],
);

export const CancelJobs = graphql(
  `
    mutation CancelJobs($ids: [ID!], $filter: JobFilter, $limit: Int, $force: Boolean) {
      result: cancelJobs(ids: $ids, filter: $filter, limit: $limit, force: $force) {
        ...BulkOutcome
      }
    }
  `,
  [BulkOutcome],
);

export const DeleteJobs = graphql(
  `
    mutation DeleteJobs($ids: [ID!], $filter: JobFilter, $limit: Int) {
      result: deleteJobs(ids: $ids, filter: $filter, limit: $limit) {
        ...BulkOutcome
      }
    }
  `,
  [BulkOutcome],
);

/** What an action would come to, for the dialog that asks before it is done. */
export const PreviewBulk = graphql(
  `
    query PreviewBulk($action: BulkAction!, $ids: [ID!], $filter: JobFilter) {
      bulkPreview(action: $action, ids: $ids, filter: $filter) {
        matched
        accepted
        needsLimit
        refused {
          count
          error {
            __typename
            message
          }
        }
        sample {
          ...JobRowFields
        }
      }
    }
  `,
  [JobRowFields],
);

/** How many of all jobs that match each action would be done to, for the bar. */
export const CountBulk = graphql(`
  query CountBulk($filter: JobFilter) {
    RETRY: bulkPreview(action: RETRY, filter: $filter) {
      accepted
    }
    CANCEL: bulkPreview(action: CANCEL, filter: $filter) {
      accepted
    }
    DELETE: bulkPreview(action: DELETE, filter: $filter) {
      accepted
    }
  }
`);
