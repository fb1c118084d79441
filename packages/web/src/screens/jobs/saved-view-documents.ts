import { ExpectedFailure } from '../../actions/documents.ts';
import { graphql, type ResultOf } from '../../app/graphql.ts';

const SavedViewFields = graphql(`
  fragment SavedViewFields on SavedView @_unmask {
    id
    name
    owner
    mine
    shared
    filter
    orderBy
    columns
  }
`);

export const SavedViews = graphql(
  `
    query SavedViews {
      savedViews {
        ...SavedViewFields
      }
    }
  `,
  [SavedViewFields],
);

export const SaveView = graphql(
  `
    mutation SaveView($name: String!, $filter: JobFilter, $orderBy: JobOrder, $columns: [String!], $shared: Boolean) {
      result: saveView(name: $name, filter: $filter, orderBy: $orderBy, columns: $columns, shared: $shared) {
        __typename
        ...SavedViewFields
        ...ExpectedFailure
      }
    }
  `,
  [SavedViewFields, ExpectedFailure],
);

export const RenameView = graphql(
  `
    mutation RenameView($id: ID!, $name: String!) {
      result: renameView(id: $id, name: $name) {
        __typename
        ...SavedViewFields
        ...ExpectedFailure
      }
    }
  `,
  [SavedViewFields, ExpectedFailure],
);

export const DeleteView = graphql(
  `
    mutation DeleteView($id: ID!) {
      result: deleteView(id: $id) {
        __typename
        ... on DeletedView {
          id
        }
        ...ExpectedFailure
      }
    }
  `,
  [ExpectedFailure],
);

export type SavedView = ResultOf<typeof SavedViewFields>;
