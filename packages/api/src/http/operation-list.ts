/**
 * Operations that are known beforehand: those of the web app, by the hashes that it sends in the place of their texts, and
 * those of the command line and the client, which send texts. A server may be told to execute no others.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type DocumentNode, GraphQLError, getOperationAST, Kind, print } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Viewer } from '../auth/viewer.ts';
import type { TransportContext } from './transport-context.ts';

interface SentOperation {
  query?: string | null;
  extensions?: Record<string, unknown> | null;
}

export class OperationList {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #isClosed: boolean;

  /** @param isClosed whether nothing but what is in the list is executed */
  constructor(texts: Iterable<string>, isClosed: boolean) {
    this.#texts = new Map(Array.from(texts, (text) => [hashOf(text), text]));
    this.#isClosed = isClosed;
  }

  /** The text that stands for what was sent, or why none does. */
  textOf({ extensions, query }: SentOperation, viewer: Viewer | undefined): string | GraphQLError {
    if (query && (!this.#isClosed || mayAskAnything(viewer))) return query;
    const hash = query ? hashOf(query) : sentHash(extensions);
    const listed = hash === undefined ? undefined : this.#texts.get(hash);
    if (listed !== undefined) return listed;
    if (this.#isClosed) return notListed();
    // The words by which clients know that they have to send the text.
    return hash === undefined ? '' : refused('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND');
  }
}

/** As Apollo's clients send it, and urql's. */
function sentHash(extensions: SentOperation['extensions']): string | undefined {
  const sent = extensions?.persistedQuery;
  if (typeof sent !== 'object' || sent === null || !('sha256Hash' in sent)) return undefined;
  return typeof sent.sha256Hash === 'string' ? sent.sha256Hash : undefined;
}

/** Whoever made a token for administration and writes it into a program means it; a page that somebody is signed in to does not. */
function mayAskAnything(viewer: Viewer | undefined): boolean {
  return viewer?.signedInBy === 'TOKEN' && viewer.rights.has('admin');
}

function notListed(): GraphQLError {
  return refused(
    'This server executes only the operations of its list, and this one is not in it. In the web app, load the page again: it is of another version. Elsewhere use the client or the command line of the same version, REST, or a token with the scope admin; or set SIGNALBOX_OPERATIONS=any.',
    'OPERATION_NOT_LISTED',
  );
}

function refused(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What the build of the web app has put beside it; nothing without a build. */
export async function readWebOperations(webFolder: string): Promise<string[]> {
  const text = await readFile(path.join(webFolder, 'operations.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  return Object.values(JSON.parse(text) as Record<string, string>);
}

/** What the methods of the client and the commands send. */
export async function readClientOperations(): Promise<string[]> {
  const modules: object[] = await Promise.all([
    import('../client/job-documents.ts'),
    import('../client/move-documents.ts'),
    import('../cli/documents.ts'),
  ]);
  return modules.flatMap((module) => Object.values(module).filter(isOperation).map(print));
}

function isOperation(value: unknown): value is DocumentNode {
  const document = value as Partial<DocumentNode>;
  return document.kind === Kind.DOCUMENT && Boolean(getOperationAST(value as DocumentNode));
}

/** The list as a plugin of the server; WebSockets ask it themselves. */
export function operationList(operations: OperationList): Plugin<object, TransportContext> {
  return {
    onParams: ({ context, params, setParams }) => {
      // What is no text at all is refused by the server itself.
      if (typeof (params.query ?? '') !== 'string') return;
      const text = operations.textOf(params, context.viewer);
      // The server looks at params without a query, and says only that there is none, unless it is left at once.
      if (text instanceof GraphQLError) throw text;
      if (text !== '' && text !== params.query) setParams({ ...params, query: text });
    },
  };
}
