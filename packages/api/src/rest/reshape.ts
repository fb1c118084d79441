/** A list is `{ items, totalCount, pageInfo }` where GraphQL has `{ edges: [{ node }], totalCount, pageInfo }`. */
export function reshaped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reshaped);
  if (typeof value !== 'object' || value === null) return value;
  const { edges, ...rest } = Object.fromEntries(Object.entries(value));
  if (!Array.isArray(edges)) return value;
  return { items: edges.map((edge: { node: unknown }) => edge.node), ...rest };
}
