import { ExpectedFailure } from '../../actions/documents.ts';
import { graphql } from '../../app/graphql.ts';

/** The workflows to choose from, and how the last job of each went. */
export const WorkflowChoices = graphql(`
  query WorkflowChoices($search: String) {
    workflows(first: 50, search: $search) {
      totalCount
      edges {
        cursor
        node {
          id
          slug
          name
          description
          recentJobs(first: 1) {
            id
            status
            cancelRequestedAt
            pauseRequestedAt
            createdAt
          }
        }
      }
    }
  }
`);

export const WorkflowForm = graphql(`
  query WorkflowForm($slug: String!) {
    workflow(slug: $slug) {
      id
      slug
      name
      description
      version
      inputSchema
      usualDurationMs
      successRate
      steps {
        key
        name
        type
        needs
      }
    }
  }
`);

/** What a job of a workflow can be started from. */
export const StartingPoints = graphql(`
  query StartingPoints($slug: String!) {
    succeeded: jobs(first: 1, filter: { workflow: [$slug], status: [COMPLETED] }) {
      edges {
        cursor
        node {
          id
          createdAt
        }
      }
    }
    latest: jobs(first: 6, filter: { workflow: [$slug] }) {
      edges {
        cursor
        node {
          id
          status
          cancelRequestedAt
          pauseRequestedAt
          subject
          createdAt
        }
      }
    }
    inputTemplates(workflow: $slug) {
      id
      name
      input
      priority
      subject
      labels
      updatedAt
    }
  }
`);

export const JobToStartFrom = graphql(`
  query JobToStartFrom($id: ID!) {
    job(id: $id) {
      id
      input
      priority
      subject
      labels
    }
  }
`);

export const SaveInputTemplate = graphql(
  `
    mutation SaveInputTemplate(
      $workflow: String!
      $name: String!
      $input: JSONObject!
      $priority: JobPriority
      $subject: String
      $labels: [String!]
    ) {
      saveInputTemplate(
        workflow: $workflow
        name: $name
        input: $input
        priority: $priority
        subject: $subject
        labels: $labels
      ) {
        __typename
        ... on InputTemplate {
          id
          name
        }
        ...ExpectedFailure
      }
    }
  `,
  [ExpectedFailure],
);

export const DeleteInputTemplate = graphql(
  `
    mutation DeleteInputTemplate($id: ID!) {
      deleteInputTemplate(id: $id) {
        __typename
        ... on DeletedInputTemplate {
          id
        }
        ...ExpectedFailure
      }
    }
  `,
  [ExpectedFailure],
);

export const CreateJob = graphql(
  `
    mutation CreateJob($input: CreateJobInput!) {
      createJob(input: $input) {
        __typename
        ... on Job {
          id
          status
          workflow {
            id
            slug
            name
          }
        }
        ...ExpectedFailure
      }
    }
  `,
  [ExpectedFailure],
);
