import { ExpectedFailure } from '../../actions/documents.ts';
import { graphql, type ResultOf } from '../../app/graphql.ts';

const ScheduleFields = graphql(`
  fragment ScheduleFields on Schedule @_unmask {
    id
    name
    kind
    startsAt
    everySeconds
    cron
    timezone
    input
    priority
    subject
    labels
    active
    nextRunAt
    lastRunAt
    lastProblem
    workflow {
      id
      slug
      name
    }
    jobs(first: 5) {
      id
      status
      cancelRequestedAt
      pauseRequestedAt
      createdAt
    }
  }
`);

export const Schedules = graphql(
  `
    query Schedules {
      schedules {
        ...ScheduleFields
      }
    }
  `,
  [ScheduleFields],
);

export const CreateSchedule = graphql(
  `
    mutation CreateSchedule($input: ScheduleInput!) {
      createSchedule(input: $input) {
        __typename
        ...ScheduleFields
        ...ExpectedFailure
      }
    }
  `,
  [ScheduleFields, ExpectedFailure],
);

export const UpdateSchedule = graphql(
  `
    mutation UpdateSchedule($id: ID!, $input: ScheduleInput!) {
      updateSchedule(id: $id, input: $input) {
        __typename
        ...ScheduleFields
        ...ExpectedFailure
      }
    }
  `,
  [ScheduleFields, ExpectedFailure],
);

export const SetScheduleActive = graphql(
  `
    mutation SetScheduleActive($id: ID!, $active: Boolean!) {
      setScheduleActive(id: $id, active: $active) {
        __typename
        ... on Schedule {
          id
          active
          nextRunAt
        }
        ...ExpectedFailure
      }
    }
  `,
  [ExpectedFailure],
);

export const RunSchedule = graphql(
  `
    mutation RunSchedule($id: ID!) {
      runSchedule(id: $id) {
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

export const DeleteSchedule = graphql(
  `
    mutation DeleteSchedule($id: ID!) {
      deleteSchedule(id: $id) {
        __typename
        ... on DeletedSchedule {
          id
        }
        ...ExpectedFailure
      }
    }
  `,
  [ExpectedFailure],
);

export const SchedulePreview = graphql(`
  query SchedulePreview(
    $kind: ScheduleKind!
    $startsAt: DateTime
    $everySeconds: Int
    $cron: String
    $timezone: String
  ) {
    schedulePreview(
      kind: $kind
      startsAt: $startsAt
      everySeconds: $everySeconds
      cron: $cron
      timezone: $timezone
      count: 5
    ) {
      __typename
      ... on SchedulePreview {
        runs
      }
      ... on InvalidInput {
        issues {
          path
          message
        }
      }
    }
  }
`);

export type Schedule = ResultOf<typeof ScheduleFields>;
export type ScheduleKind = Schedule['kind'];
