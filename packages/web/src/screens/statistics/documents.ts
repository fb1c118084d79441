import { graphql, type ResultOf } from '../../app/graphql.ts';

const FigureFields = graphql(`
  fragment FigureFields on JobFigures @_unmask {
    completed
    failed
    cancelled
    jobsPerHour
    successRate
    averageRunMs
    medianRunMs
    p95RunMs
    averageQueueMs
    medianQueueMs
    p95QueueMs
    cost {
      microUsd
      complete
      unpricedModels
    }
  }
`);

export const Statistics = graphql(
  `
    query Statistics($filter: JobFilter, $from: DateTime, $to: DateTime, $buckets: Int) {
      jobStatistics(filter: $filter, from: $from, to: $to, buckets: $buckets) {
        total {
          ...FigureFields
        }
        trend {
          from
          to
          figures {
            ...FigureFields
          }
        }
        byWorkflow {
          slug
          name
          figures {
            ...FigureFields
          }
        }
      }
    }
  `,
  [FigureFields],
);

export type Figures = ResultOf<typeof FigureFields>;
export type StatisticsOf = ResultOf<typeof Statistics>['jobStatistics'];
export type TrendPoint = StatisticsOf['trend'][number];
