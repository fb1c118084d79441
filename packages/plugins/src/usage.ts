/** Tokens used; null where the server did not say. */
export type Usage = { inputTokens: number | null; outputTokens: number | null };

/** Unknown as soon as one part is. */
export function addUsage(one: Usage, other: Usage): Usage {
  return {
    inputTokens: add(one.inputTokens, other.inputTokens),
    outputTokens: add(one.outputTokens, other.outputTokens),
  };
}

function add(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other;
}
