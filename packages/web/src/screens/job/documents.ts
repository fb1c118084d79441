import { ExpectedFailure } from '../../actions/documents.ts';
import { graphql } from '../../app/graphql.ts';

/** Jobs with at most so many steps get all of them with every change. */
export const FEW_STEPS = 100;

/** Everything that one row of the timeline shows. */
export const TimelineStep = graphql(`
  fragment TimelineStep on JobStep @_unmask {
    id
    key
    index
    name
    type
    uses
    status
    needs
    itemIndex
    reused
    skippedBecause
    attemptNumber
    startedAt
    completedAt
    durationMs
    waitUntil
    approval {
      message
      approved
      comment
      decidedAt
      decidedBy
    }
    childJob {
      id
      status
    }
    error {
      message
      category
    }
  }
`);

/** When each try of a step began and ended, for the picture of where the time went. */
export const StepTries = graphql(`
  query StepTries($id: ID!, $first: Int!, $after: String) {
    job(id: $id) {
      stepsConnection(first: $first, after: $after) {
        edges {
          node {
            id
            attempts {
              number
              status
              startedAt
              completedAt
            }
          }
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
    }
  }
`);

/** What changes on a job while it runs. */
export const JobState = graphql(`
  fragment JobState on Job @_unmask {
    id
    status
    cancelRequestedAt
    pauseRequestedAt
    priority
    queuedAt
    startedAt
    completedAt
    updatedAt
    durationMs
    allowedActions
    error {
      message
      category
      step {
        id
        key
        name
      }
    }
    progress {
      completedSteps
      totalSteps
      percent
      expectedCompletionAt
      currentStep {
        id
        key
        name
      }
    }
    cost {
      microUsd
      inputTokens
      outputTokens
      complete
      unpricedModels
    }
    executions {
      id
      worker
      queue
      startedAt
      completedAt
      outcome
      peakMemoryBytes
      cpuMs
    }
  }
`);

export const JobPage = graphql(
  `
    query JobPage($id: ID!) {
      job(id: $id) {
        ...JobState
        createdAt
        workflowVersion
        subject
        labels
        input
        output
        workflow {
          id
          slug
          name
        }
        schedule {
          id
          name
        }
      }
    }
  `,
  [JobState],
);

/** Why a job does not run, or what went wrong first; read when it matters and not with every change. */
export const JobWhy = graphql(`
  query JobWhy($id: ID!) {
    job(id: $id) {
      id
      waitingFor {
        reason
        message
        jobs {
          id
          workflow {
            id
            slug
          }
        }
      }
      rootCause {
        message
        category
        step {
          id
          key
          name
        }
      }
      usualDurationMs
    }
  }
`);

const RelatedJob = graphql(`
  fragment RelatedJob on Job @_unmask {
    id
    status
    createdAt
    workflow {
      id
      slug
    }
  }
`);

/** The jobs that this one came from and that came from it. */
export const JobFamily = graphql(
  `
    query JobFamily($id: ID!) {
      job(id: $id) {
        id
        rerunOf {
          ...RelatedJob
        }
        forkedFrom {
          ...RelatedJob
        }
        parent {
          ...RelatedJob
        }
        parentStep {
          id
          key
        }
        reruns {
          ...RelatedJob
        }
        forks {
          ...RelatedJob
        }
      }
    }
  `,
  [RelatedJob],
);

/** What each step and each model has cost. */
export const JobCosts = graphql(`
  query JobCosts($id: ID!) {
    job(id: $id) {
      id
      costByModel {
        model
        calls
        inputTokens
        outputTokens
        microUsd
      }
      stepsConnection(first: 200) {
        edges {
          node {
            id
            key
            name
            itemIndex
            cost {
              microUsd
              inputTokens
              outputTokens
              complete
              unpricedModels
            }
          }
        }
      }
    }
  }
`);

/** The workflow as the job froze it. */
export const JobSource = graphql(`
  query JobSource($slug: String!) {
    workflow(slug: $slug) {
      id
      versions {
        version
        source
      }
    }
  }
`);

export const UpdateJob = graphql(
  `
    mutation UpdateJob($id: ID!, $subject: String, $labels: [String!]) {
      updateJob(id: $id, subject: $subject, labels: $labels) {
        __typename
        ... on Job {
          id
          subject
          labels
        }
        ...ExpectedFailure
      }
    }
  `,
  [ExpectedFailure],
);

export const JobSteps = graphql(
  `
    query JobSteps($id: ID!, $first: Int!, $after: String) {
      job(id: $id) {
        id
        stepsConnection(first: $first, after: $after) {
          totalCount
          edges {
            cursor
            node {
              ...TimelineStep
            }
          }
          pageInfo {
            endCursor
            hasNextPage
          }
        }
      }
    }
  `,
  [TimelineStep],
);

export const JobPageUpdated = graphql(
  `
    subscription JobPageUpdated($id: ID!, $after: String, $allSteps: Boolean!) {
      jobUpdated(id: $id, after: $after) {
        cursor
        job {
          ...JobState
          progress {
            currentStep {
              ...TimelineStep
            }
          }
          steps @include(if: $allSteps) {
            ...TimelineStep
          }
        }
        deletedId
      }
    }
  `,
  [JobState, TimelineStep],
);
