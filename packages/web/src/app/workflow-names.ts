import { useQuery } from 'urql';
import { graphql } from './graphql.ts';

const WorkflowNames = graphql(`
  query WorkflowNames {
    workflows(first: 100) {
      edges {
        cursor
        node {
          id
          slug
          name
          description
        }
      }
    }
  }
`);

/** The workflows there are, by name; read once and then from the cache. Empty until they are known. */
export function useWorkflowNames() {
  const [{ data }] = useQuery({ query: WorkflowNames });
  return data?.workflows.edges.map(({ node }) => node) ?? [];
}
