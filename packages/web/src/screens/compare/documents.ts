import { graphql, type ResultOf } from '../../app/graphql.ts';

const ComparedFields = graphql(`
  fragment ComparedFields on Job @_unmask {
    id
    status
    cancelRequestedAt
    pauseRequestedAt
    subject
    labels
    priority
    createdAt
    queuedAt
    startedAt
    completedAt
    durationMs
    peakMemoryBytes
    cpuMs
    input
    output
    workflowVersion
    workflow {
      id
      slug
      name
    }
    cost {
      microUsd
      inputTokens
      outputTokens
      complete
      unpricedModels
    }
    error {
      category
      message
    }
    steps: stepsConnection(first: 100) {
      totalCount
      edges {
        cursor
        node {
          id
          key
          name
          status
          startedAt
          completedAt
          durationMs
          cost {
            microUsd
            complete
            unpricedModels
          }
        }
      }
    }
  }
`);

export const ComparedJob = graphql(
  `
    query ComparedJob($id: ID!) {
      job(id: $id) {
        ...ComparedFields
      }
    }
  `,
  [ComparedFields],
);

export const ComparedJobUpdated = graphql(
  `
    subscription ComparedJobUpdated($id: ID!, $after: String) {
      jobUpdated(id: $id, after: $after) {
        cursor
        job {
          ...ComparedFields
        }
        deletedId
      }
    }
  `,
  [ComparedFields],
);

export type Compared = ResultOf<typeof ComparedFields>;
export type ComparedStep = Compared['steps']['edges'][number]['node'];
