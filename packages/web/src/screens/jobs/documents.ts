import { graphql, type ResultOf } from '../../app/graphql.ts';

/** Everything that one row shows. */
export const JobRowFields = graphql(`
  fragment JobRowFields on Job @_unmask {
    id
    status
    cancelRequestedAt
    pauseRequestedAt
    priority
    subject
    labels
    createdAt
    startedAt
    completedAt
    durationMs
    allowedActions
    cost {
      microUsd
    }
    workflow {
      id
      slug
      name
    }
    error {
      message
      step {
        id
        key
      }
    }
    progress {
      completedSteps
      totalSteps
      percent
      currentStep {
        id
        name
      }
    }
  }
`);

export const JobsPage = graphql(
  `
    query JobsPage($first: Int!, $after: String, $filter: JobFilter, $orderBy: JobOrder) {
      jobs(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
        edges {
          cursor
          node {
            ...JobRowFields
          }
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
    }
  `,
  [JobRowFields],
);

export const JobRow = graphql(
  `
    query JobRow($id: ID!) {
      job(id: $id) {
        ...JobRowFields
      }
    }
  `,
  [JobRowFields],
);

export const JobsUpdated = graphql(
  `
    subscription JobsUpdated($filter: JobFilter, $after: String) {
      jobUpdated(filter: $filter, after: $after) {
        cursor
        job {
          ...JobRowFields
        }
        deletedId
      }
    }
  `,
  [JobRowFields],
);

/** The jobs made in each part of a period, by what became of them. */
export const JobActivity = graphql(`
  query JobActivity($filter: JobFilter, $from: DateTime, $to: DateTime, $buckets: Int) {
    jobActivity(filter: $filter, from: $from, to: $to, buckets: $buckets) {
      from
      to
      total
      counts {
        status
        count
      }
    }
  }
`);

export type ActivityBucket = ResultOf<typeof JobActivity>['jobActivity'][number];
