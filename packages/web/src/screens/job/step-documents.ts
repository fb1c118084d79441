import { graphql } from '../../app/graphql.ts';
import { TimelineStep } from './documents.ts';

export const StepDetails = graphql(
  `
    query StepDetails($id: ID!, $key: String!) {
      job(id: $id) {
        id
        step(key: $key) {
          ...TimelineStep
          input
          output
          approval {
            form
          }
          childJob {
            workflow {
              id
              slug
            }
          }
          cost {
            microUsd
            inputTokens
            outputTokens
            complete
            unpricedModels
          }
          activities(first: 0) {
            totalCount
          }
          attempts {
            number
            status
            input
            output
            startedAt
            completedAt
            durationMs
            peakMemoryBytes
            cpuMs
            error {
              message
              category
            }
          }
          artifacts {
            id
            name
            contentType
            sizeBytes
            url
          }
        }
      }
    }
  `,
  [TimelineStep],
);

export const DecideApproval = graphql(
  `
    mutation DecideApproval($jobId: ID!, $stepKey: String!, $approve: Boolean!, $comment: String, $form: JSONObject) {
      decideApproval(jobId: $jobId, stepKey: $stepKey, approve: $approve, comment: $comment, form: $form) {
        __typename
        ... on Job {
          id
          status
          allowedActions
          step(key: $stepKey) {
            ...TimelineStep
          }
        }
        ... on InvalidInput {
          message
          issues {
            path
            message
          }
        }
        ... on NotFound {
          message
        }
        ... on Forbidden {
          message
        }
        ... on Conflict {
          message
          allowed
        }
      }
    }
  `,
  [TimelineStep],
);
/** The turns and calls of a step, which are read when they are looked at. */
export const StepActivities = graphql(`
  query StepActivities($id: ID!, $key: String!, $last: Int!) {
    job(id: $id) {
      id
      step(key: $key) {
        id
        budget {
          limitMicroUsd
          limitTokens
          spentMicroUsd
          spentTokens
          action
        }
        activities(last: $last) {
          totalCount
          edges {
            node {
              id
              kind
              name
              status
              attempt
              parentId
              input
              output
              error
              startedAt
              completedAt
              durationMs
              cost {
                microUsd
                inputTokens
                outputTokens
                estimated
              }
            }
          }
        }
      }
    }
  }
`);
