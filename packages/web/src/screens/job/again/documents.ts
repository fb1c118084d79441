import { ExpectedFailure } from '../../../actions/documents.ts';
import { graphql } from '../../../app/graphql.ts';

export const JobToRepeat = graphql(`
  query JobToRepeat($id: ID!) {
    job(id: $id) {
      id
      input
      workflow {
        id
        inputSchema
      }
    }
  }
`);

export const StepOutput = graphql(`
  query StepOutput($id: ID!, $key: String!) {
    job(id: $id) {
      id
      step(key: $key) {
        id
        output
      }
    }
  }
`);

export const RerunWithInput = graphql(
  `
    mutation RerunWithInput($id: ID!, $input: JSONObject) {
      rerunJob(id: $id, input: $input) {
        __typename
        ... on Job {
          id
          workflow {
            id
            name
          }
        }
        ...ExpectedFailure
      }
    }
  `,
  [ExpectedFailure],
);

export const ForkJob = graphql(
  `
    mutation ForkJob($id: ID!, $fromStep: String!, $input: JSONObject, $outputs: JSONObject) {
      forkJob(id: $id, fromStep: $fromStep, input: $input, outputs: $outputs) {
        __typename
        ... on Job {
          id
          workflow {
            id
            name
          }
        }
        ...ExpectedFailure
      }
    }
  `,
  [ExpectedFailure],
);
