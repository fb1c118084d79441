import { graphql } from './graphql.ts';

/** What the methods of the client give of a job. Its input, output and steps cost more and come from `job` only. */
export const JobFields = graphql(`
  fragment JobFields on Job @_unmask {
    id
    status
    workflow { slug name }
    workflowVersion
    priority
    subject
    labels
    createdAt
    queuedAt
    startedAt
    completedAt
    updatedAt
    durationMs
    cancelRequestedAt
    pauseRequestedAt
    progress {
      completedSteps
      totalSteps
      percent
      expectedCompletionAt
      currentStep { key name }
    }
    error { message category step { key } }
    allowedActions
  }
`);

/** A step without what it was given and gave. */
export const StepFields = graphql(`
  fragment StepFields on JobStep @_unmask {
    key
    name
    type
    status
    attemptNumber
    startedAt
    completedAt
    durationMs
    skippedBecause
    error { message category }
    approval { message form }
  }
`);

export const JobDetails = graphql(
  `
    query Job($id: ID!) {
      job(id: $id) {
        ...JobFields
        input
        output
        rootCause { message category step { key } }
        waitingFor { reason message until }
        cost { microUsd inputTokens outputTokens }
        steps { ...StepFields }
      }
    }
  `,
  [JobFields, StepFields],
);

export const JobList = graphql(
  `
    query Jobs($first: Int, $after: String, $filter: JobFilter, $orderBy: JobOrder) {
      jobs(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { cursor node { ...JobFields } }
      }
    }
  `,
  [JobFields],
);

export const WatchJobs = graphql(
  `
    subscription WatchJobs($id: ID, $filter: JobFilter, $after: String) {
      jobUpdated(id: $id, filter: $filter, after: $after) {
        cursor
        deletedId
        job { ...JobFields }
      }
    }
  `,
  [JobFields],
);

export const WatchSteps = graphql(
  `
    subscription WatchSteps($id: ID, $after: String) {
      jobUpdated(id: $id, after: $after) {
        cursor
        deletedId
        job { ...JobFields steps { ...StepFields } }
      }
    }
  `,
  [JobFields, StepFields],
);

export const FollowLog = graphql(`
  subscription FollowLog($jobId: ID!, $stepKey: String, $after: String) {
    stepLogged(jobId: $jobId, stepKey: $stepKey, after: $after) {
      cursor
      lines { cursor seq at level stream message stepKey attempt }
    }
  }
`);

export const JobLog = graphql(`
  query JobLog($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $filter: LogFilter) {
    job(id: $id) {
      logs(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
        totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        edges { node { cursor seq at level stream message stepKey attempt } }
      }
    }
  }
`);
