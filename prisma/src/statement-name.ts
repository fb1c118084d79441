import { createHash } from 'node:crypto';

/** Every connection keeps a named statement until it ends. */
const MOST_NAMED = 200;
const names = new Map<string, string>();

/**
 * The name by which connections keep a statement that is put together from what a client asked for, so that it is parsed
 * once. The first 200 texts get one; others are parsed each time.
 */
export function statementName(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MOST_NAMED) return known;
  const name = createHash('sha256').update(text).digest('hex').slice(0, 32);
  names.set(text, name);
  return name;
}
