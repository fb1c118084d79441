import { ExpectedFailure } from '../../actions/documents.ts';
import { graphql } from '../../app/graphql.ts';

export const WorkflowForm = graphql(`
  query WorkflowForm($slug: String!) {
    workflow(slug: $slug) {
      id
      slug
      name
      description
      version
      inputSchema
      steps {
        key
        name
        type
      }
    }
  }
`);

/** The last job of a workflow, to start from its input. */
export const LastInput = graphql(`
  query LastInput($slug: String!) {
    jobs(first: 1, filter: { workflow: [$slug] }, orderBy: { field: CREATED_AT, direction: DESC }) {
      edges {
        cursor
        node {
          id
          createdAt
          input
        }
      }
    }
  }
`);

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
