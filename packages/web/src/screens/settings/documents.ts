import { ExpectedFailure } from '../../actions/documents.ts';
import { graphql, type ResultOf } from '../../app/graphql.ts';

const TokenFields = graphql(`
  fragment TokenFields on ApiToken @_unmask {
    id
    name
    prefix
    scope
    createdBy
    createdAt
    expiresAt
    lastUsedAt
    revokedAt
    revokedBy
  }
`);

export const ApiTokens = graphql(
  `
    query ApiTokens($after: String) {
      apiTokens(first: 50, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          cursor
          node {
            ...TokenFields
          }
        }
      }
    }
  `,
  [TokenFields],
);

export const CreateApiToken = graphql(
  `
    mutation CreateApiToken($name: String!, $scope: AccessScope!, $expiresAt: DateTime) {
      createApiToken(name: $name, scope: $scope, expiresAt: $expiresAt) {
        __typename
        ... on CreatedApiToken {
          text
          token {
            ...TokenFields
          }
        }
        ...ExpectedFailure
      }
    }
  `,
  [TokenFields, ExpectedFailure],
);

export const RevokeApiToken = graphql(
  `
    mutation RevokeApiToken($id: ID!) {
      revokeApiToken(id: $id) {
        __typename
        ...TokenFields
        ...ExpectedFailure
      }
    }
  `,
  [TokenFields, ExpectedFailure],
);

const WebhookFields = graphql(`
  fragment WebhookFields on Webhook @_unmask {
    id
    url
    workflows
    statuses
    active
    createdBy
    createdAt
    deliveries(first: 10) {
      id
      jobId
      status
      attempts
      nextTryAt
      lastError
      createdAt
      deliveredAt
    }
  }
`);

export const Webhooks = graphql(
  `
    query Webhooks {
      webhooks {
        ...WebhookFields
      }
    }
  `,
  [WebhookFields],
);

export const SaveWebhook = graphql(
  `
    mutation SaveWebhook(
      $id: ID
      $url: String!
      $workflows: [String!]
      $statuses: [JobStatus!]
      $active: Boolean
      $newSecret: Boolean
    ) {
      saveWebhook(
        id: $id
        url: $url
        workflows: $workflows
        statuses: $statuses
        active: $active
        newSecret: $newSecret
      ) {
        __typename
        ... on SavedWebhook {
          secret
          webhook {
            ...WebhookFields
          }
        }
        ...ExpectedFailure
      }
    }
  `,
  [WebhookFields, ExpectedFailure],
);

export const DeleteWebhook = graphql(
  `
    mutation DeleteWebhook($id: ID!) {
      deleteWebhook(id: $id) {
        __typename
        ... on DeletedWebhook {
          id
        }
        ...ExpectedFailure
      }
    }
  `,
  [ExpectedFailure],
);

export type ApiToken = ResultOf<typeof TokenFields>;
export type Webhook = ResultOf<typeof WebhookFields>;
export type Delivery = Webhook['deliveries'][number];
