import { type Exchange, getOperationName } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { OPERATION_HASHES } from '../generated/operation-hashes.ts';

/**
 * Sends the hashes of operations in the place of their texts, as the build has put them down. A server that does not know
 * one, since it serves another version of the app by now, is told the text then. While the app is developed its documents
 * change under the list, and all are sent as they are.
 *
 * @param form whether the documents that come here have a `__typename` in each selection
 */
export function byHash(form: 'plain' | 'typed'): Exchange[] {
  if (!import.meta.env.PROD) return [];
  return [
    persistedExchange({
      generateHash: async (_text, document) => OPERATION_HASHES[getOperationName(document) ?? '']?.[form] ?? '',
      enableForMutation: true,
      enableForSubscriptions: true,
      preferGetForPersistedQueries: false,
    }),
  ];
}
