import { inspect } from 'node:util';
import type { ApiFixture } from './fixture.ts';

/**
 * How many reads bring something while the work is done. What brings nothing does not count: a hint may come late, or while
 * that is read of which it tells.
 *
 * @param brings what stands in the rows of those that are meant
 */
export async function countReads({ services }: ApiFixture, brings: string, work: () => Promise<void>): Promise<number> {
  const { pool } = services.db;
  const { query } = pool;
  let reads = 0;
  const counted = async (...args: Parameters<typeof query>): Promise<unknown> => {
    const result: unknown = await Promise.resolve<unknown>(query.apply(pool, args));
    const [statement] = args as unknown[];
    const text = typeof statement === 'string' ? statement : String(Object(statement).text);
    if (/^\s*SELECT/.test(text) && inspect(result, { depth: null }).includes(brings)) reads += 1;
    return result;
  };
  pool.query = counted as typeof query;
  try {
    await work();
  } finally {
    pool.query = query;
  }
  return reads;
}
