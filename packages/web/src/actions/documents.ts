import { graphql } from '../app/graphql.ts';

/** What an action changes on a job. */
const JobAfterAction = graphql(`
  fragment JobAfterAction on Job @_unmask {
    id
    status
    cancelRequestedAt
    pauseRequestedAt
    priority
    queuedAt
    startedAt
    completedAt
    durationMs
    allowedActions
    workflow {
      id
      slug
      name
    }
  }
`);

/** The members of a result union that are not the thing asked for. */
export const ExpectedFailure = graphql(`
  fragment ExpectedFailure on Error @_unmask {
    __typename
    message
    ... on Conflict {
      allowed
    }
    ... on InvalidInput {
      issues {
        path
        message
      }
    }
  }
`);

export const StartJob = graphql(
  `
    mutation StartJob($id: ID!) {
      startJob(id: $id) {
        __typename
        ...JobAfterAction
        ...ExpectedFailure
      }
    }
  `,
  [JobAfterAction, ExpectedFailure],
);

export const PauseJob = graphql(
  `
    mutation PauseJob($id: ID!) {
      pauseJob(id: $id) {
        __typename
        ...JobAfterAction
        ...ExpectedFailure
      }
    }
  `,
  [JobAfterAction, ExpectedFailure],
);

export const ResumeJob = graphql(
  `
    mutation ResumeJob($id: ID!) {
      resumeJob(id: $id) {
        __typename
        ...JobAfterAction
        ...ExpectedFailure
      }
    }
  `,
  [JobAfterAction, ExpectedFailure],
);

export const RetryJob = graphql(
  `
    mutation RetryJob($id: ID!) {
      retryJob(id: $id) {
        __typename
        ...JobAfterAction
        ...ExpectedFailure
      }
    }
  `,
  [JobAfterAction, ExpectedFailure],
);

export const CancelJob = graphql(
  `
    mutation CancelJob($id: ID!, $force: Boolean) {
      cancelJob(id: $id, force: $force) {
        __typename
        ...JobAfterAction
        ...ExpectedFailure
      }
    }
  `,
  [JobAfterAction, ExpectedFailure],
);

export const RerunJob = graphql(
  `
    mutation RerunJob($id: ID!) {
      rerunJob(id: $id) {
        __typename
        ...JobAfterAction
        ...ExpectedFailure
      }
    }
  `,
  [JobAfterAction, ExpectedFailure],
);

export const SetJobPriority = graphql(
  `
    mutation SetJobPriority($id: ID!, $priority: JobPriority!) {
      setJobPriority(id: $id, priority: $priority) {
        __typename
        ...JobAfterAction
        ...ExpectedFailure
      }
    }
  `,
  [JobAfterAction, ExpectedFailure],
);

export const DeleteJob = graphql(
  `
    mutation DeleteJob($id: ID!) {
      deleteJob(id: $id) {
        __typename
        ... on DeletedJob {
          id
        }
        ...ExpectedFailure
      }
    }
  `,
  [ExpectedFailure],
);
