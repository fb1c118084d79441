import { graphql, type ResultOf } from '../../app/graphql.ts';

export const SubjectsPage = graphql(`
  query SubjectsPage($first: Int!, $after: String, $search: String) {
    subjects(first: $first, after: $after, search: $search) {
      totalCount
      edges {
        cursor
        node {
          name
          status
          stages {
            workflow
            status
            lastJob {
              id
              status
              cancelRequestedAt
              pauseRequestedAt
              createdAt
              startedAt
              completedAt
            }
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** Tells which subjects there are news of. A job that has lost its subject is known by its id. */
export const SubjectsTouched = graphql(`
  subscription SubjectsTouched($after: String) {
    jobUpdated(after: $after) {
      cursor
      job {
        id
        status
        subject
      }
      deletedId
    }
  }
`);

export type Subject = ResultOf<typeof SubjectsPage>['subjects']['edges'][number]['node'];
export type SubjectStatus = Subject['status'];
export type Stage = Subject['stages'][number];
