/** The app's operations under the SHA-256 of their text, so that a server may take these and no others. */
import { createHash } from 'node:crypto';
import { formatDocument } from '@urql/core';
import { print } from 'graphql';
import { type AppDocuments, wholeDocument } from './documents.ts';

export interface Operations {
  /** What the server gets: the texts by their hashes. */
  manifest: Record<string, string>;
  /** What the app gets: the hashes by the names of the operations. */
  hashes: Record<string, OperationHashes>;
}

export interface OperationHashes {
  /** As it is written. */
  plain: string;
  /** With a `__typename` in each selection, as the cache asks for. */
  typed: string;
}

export function operationsOf({ fragments, operations }: AppDocuments): Operations {
  const manifest: Operations['manifest'] = {};
  const add = (text: string): string => {
    const hash = createHash('sha256').update(text).digest('hex');
    manifest[hash] = text;
    return hash;
  };
  const hashes = operations.map((operation): [string, OperationHashes] => {
    const whole = wholeDocument(operation, fragments);
    return [operation.name, { plain: add(print(whole)), typed: add(print(formatDocument(whole))) }];
  });
  return { manifest, hashes: Object.fromEntries(hashes) };
}
