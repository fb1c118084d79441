import { graphql, type ResultOf } from '../../app/graphql.ts';

export const WorkflowPage = graphql(`
  query WorkflowPage($slug: String!) {
    workflow(slug: $slug) {
      id
      slug
      name
      description
      version
      source
      inputSchema
      usualDurationMs
      successRate
      recentJobs(first: 20) {
        id
        status
        cancelRequestedAt
        pauseRequestedAt
        createdAt
        subject
        durationMs
      }
      versions {
        version
        source
        createdAt
      }
    }
  }
`);

export type WorkflowOnPage = NonNullable<ResultOf<typeof WorkflowPage>['workflow']>;

export const ValidateWorkflow = graphql(`
  query ValidateWorkflow($source: String!) {
    validateWorkflow(source: $source) {
      valid
      issues {
        path
        message
        line
        column
      }
    }
  }
`);

export type SourceIssue = ResultOf<typeof ValidateWorkflow>['validateWorkflow']['issues'][number];

export const SaveWorkflow = graphql(`
  mutation SaveWorkflow($source: String!, $expectedVersion: Int) {
    saveWorkflow(source: $source, expectedVersion: $expectedVersion) {
      __typename
      ... on Workflow {
        id
        slug
        name
        description
        version
        source
        inputSchema
        versions {
          version
          source
          createdAt
        }
      }
      ... on Error {
        message
      }
      ... on Conflict {
        allowed
      }
      ... on InvalidInput {
        issues {
          path
          message
          line
          column
        }
      }
    }
  }
`);
