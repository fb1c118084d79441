import type { ObjectRef } from '@pothos/core';
import { builder } from '../builder.ts';
import type { PageRequest } from './paging.ts';

export interface Edge<Node> {
  cursor: string;
  node: Node;
}

/** What the resolver of a connection gives. */
export interface Page<Node> {
  edges: Edge<Node>[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  /** Asked only when it is selected. */
  totalCount: () => Promise<number>;
}

/**
 * A page from its items. `more` says whether the list goes on in the direction of reading; something lies behind a bound
 * that was given.
 */
export function pageOf<Node>(
  edges: Edge<Node>[],
  more: boolean,
  request: PageRequest,
  totalCount: () => Promise<number>,
): Page<Node> {
  return {
    edges,
    hasNextPage: request.backward ? request.before !== undefined : more,
    hasPreviousPage: request.backward ? more : request.after !== undefined,
    totalCount,
  };
}

/** Rows that were read one more than asked for, without the surplus one. */
export function withoutSurplus<Row>(rows: Row[], { limit, backward }: PageRequest): { rows: Row[]; more: boolean } {
  const more = rows.length > limit;
  if (!more) return { rows, more };
  return { rows: backward ? rows.slice(rows.length - limit) : rows.slice(0, limit), more };
}

type Types = typeof builder.$inferSchemaTypes;

/** Defines `<name>Connection` and `<name>Edge` of a node type. */
export function connectionType<Node extends object>(
  name: string,
  node: ObjectRef<Types, unknown, Node>,
  nodes: string,
) {
  const edge = builder.objectRef<Edge<Node>>(`${name}Edge`).implement({
    description: `One of the ${nodes} with its place in the list.`,
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'Its place in this list and order; opaque.' }),
      node: t.field({ type: node, description: 'The thing itself.', resolve: (parent) => parent.node }),
    }),
  });
  return builder.objectRef<Page<Node>>(`${name}Connection`).implement({
    description: `A page of ${nodes}.`,
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        description: 'The items of this page, in the order of the list.',
        // The connection itself multiplies by the items; only they may.
        complexity: { field: 1, multiplier: 1 },
        resolve: (page) => page.edges,
      }),
      pageInfo: t.field({
        type: builder.pageInfoRef(),
        description: 'Where this page stands in the list.',
        complexity: 0,
        resolve: ({ edges, hasNextPage, hasPreviousPage }) => ({
          hasNextPage,
          hasPreviousPage,
          startCursor: edges[0]?.cursor,
          endCursor: edges.at(-1)?.cursor,
        }),
      }),
      totalCount: t.int({
        description: `How many ${nodes} there are in all, whatever the page; counted only when it is selected.`,
        complexity: 0,
        resolve: (page) => page.totalCount(),
      }),
    }),
  });
}
