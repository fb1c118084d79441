import { graphql } from '../client/client.ts';

export const WorkflowInput = graphql(`
  query WorkflowInput($slug: String!) {
    workflow(slug: $slug) { slug version inputSchema }
  }
`);

export const Workflows = graphql(`
  query Workflows($after: String, $search: String) {
    workflows(first: 100, after: $after, search: $search) {
      pageInfo { hasNextPage endCursor }
      edges { node { slug name description version steps { key type } } }
    }
  }
`);

export const Workers = graphql(`
  query Workers {
    workers { id name host version healthy lastSeenAt startedAt queues runningJobs concurrency criticalSlots stepTypes }
    queues { name queued oldestQueuedAt running waiting workers slots taken }
  }
`);

export const Diagnosis = graphql(`
  query Diagnosis {
    server { version time }
    workers { name version healthy }
    queues { name queued workers }
    plugins { name status problem workerName }
    toolServers { name status problem workerName }
  }
`);
