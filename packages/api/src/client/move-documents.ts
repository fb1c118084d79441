import { graphql } from './graphql.ts';
import { JobFields } from './job-documents.ts';

const Refusal = graphql(`
  fragment Refusal on Error @_unmask {
    message
    code
    ... on InvalidInput { issues { path message line column } }
    ... on Conflict { allowed }
  }
`);

export const CreateJob = graphql(
  `
    mutation CreateJob($input: CreateJobInput!) {
      createJob(input: $input) { ...JobFields ...Refusal }
    }
  `,
  [JobFields, Refusal],
);

export const StartJob = graphql(
  `
    mutation StartJob($id: ID!) {
      startJob(id: $id) { ...JobFields ...Refusal }
    }
  `,
  [JobFields, Refusal],
);

export const CancelJob = graphql(
  `
    mutation CancelJob($id: ID!, $force: Boolean) {
      cancelJob(id: $id, force: $force) { ...JobFields ...Refusal }
    }
  `,
  [JobFields, Refusal],
);

export const PauseJob = graphql(
  `
    mutation PauseJob($id: ID!) {
      pauseJob(id: $id) { ...JobFields ...Refusal }
    }
  `,
  [JobFields, Refusal],
);

export const ResumeJob = graphql(
  `
    mutation ResumeJob($id: ID!) {
      resumeJob(id: $id) { ...JobFields ...Refusal }
    }
  `,
  [JobFields, Refusal],
);

export const RetryJob = graphql(
  `
    mutation RetryJob($id: ID!) {
      retryJob(id: $id) { ...JobFields ...Refusal }
    }
  `,
  [JobFields, Refusal],
);

export const RerunJob = graphql(
  `
    mutation RerunJob($id: ID!, $input: JSONObject) {
      rerunJob(id: $id, input: $input) { ...JobFields ...Refusal }
    }
  `,
  [JobFields, Refusal],
);

export const ForkJob = graphql(
  `
    mutation ForkJob($id: ID!, $fromStep: String!, $input: JSONObject, $outputs: JSONObject) {
      forkJob(id: $id, fromStep: $fromStep, input: $input, outputs: $outputs) { ...JobFields ...Refusal }
    }
  `,
  [JobFields, Refusal],
);

export const DecideApproval = graphql(
  `
    mutation DecideApproval($jobId: ID!, $stepKey: String!, $approve: Boolean!, $comment: String, $form: JSONObject) {
      decideApproval(jobId: $jobId, stepKey: $stepKey, approve: $approve, comment: $comment, form: $form) { ...JobFields ...Refusal }
    }
  `,
  [JobFields, Refusal],
);

export const DeleteJob = graphql(
  `
    mutation DeleteJob($id: ID!) {
      deleteJob(id: $id) { ... on DeletedJob { id } ...Refusal }
    }
  `,
  [Refusal],
);

export const SaveWorkflow = graphql(
  `
    mutation SaveWorkflow($source: String!) {
      saveWorkflow(source: $source) {
        ... on Workflow { id slug name version inputSchema steps { key type } }
        ...Refusal
      }
    }
  `,
  [Refusal],
);

export const ValidateWorkflow = graphql(`
  query ValidateWorkflow($source: String!) {
    validateWorkflow(source: $source) { valid issues { path message line column } }
  }
`);
