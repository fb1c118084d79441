import { graphql, type ResultOf } from '../../app/graphql.ts';

const WorkerFields = graphql(`
  fragment WorkerFields on Worker @_unmask {
    id
    name
    host
    pid
    version
    healthy
    startedAt
    stoppedAt
    lastSeenAt
    queues
    stepTypes
    concurrency
    criticalSlots
    runningJobs
    cpuPercent
    cpus
    loadAverage
    rssBytes
    jobs {
      id
      subject
      workflow {
        id
        slug
        name
      }
    }
  }
`);

export const Workers = graphql(
  `
    query Workers {
      workers {
        ...WorkerFields
      }
    }
  `,
  [WorkerFields],
);

export const WorkersUpdated = graphql(
  `
    subscription WorkersUpdated($after: String) {
      workersUpdated(after: $after) {
        cursor
        workers {
          ...WorkerFields
        }
      }
    }
  `,
  [WorkerFields],
);

const QueueFields = graphql(`
  fragment QueueFields on Queue @_unmask {
    name
    queued
    queuedByPriority {
      priority
      count
    }
    running
    waiting
    slots
    criticalSlots
    taken
    workers
    medianWaitMs
    p95WaitMs
    oldestQueuedAt
  }
`);

export const Queues = graphql(
  `
    query Queues {
      queues {
        ...QueueFields
      }
    }
  `,
  [QueueFields],
);

export const QueuesUpdated = graphql(
  `
    subscription QueuesUpdated($after: String) {
      queuesUpdated(after: $after) {
        cursor
        queues {
          ...QueueFields
        }
      }
    }
  `,
  [QueueFields],
);

export const Plugins = graphql(`
  query Plugins {
    plugins {
      name
      source
      version
      status
      problem
      stepTypes
      workerId
      workerName
    }
  }
`);

export type Worker = ResultOf<typeof WorkerFields>;
export type Queue = ResultOf<typeof QueueFields>;
export type Plugin = ResultOf<typeof Plugins>['plugins'][number];
