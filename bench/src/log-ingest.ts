import { type ContenderName, openContender } from './contenders/contender-process.ts';

/** Lines per second, one figure a round, by contender; the contenders take turns. */
export async function measureLogIngest(
  databases: ReadonlyMap<ContenderName, string>,
  { lines, rounds }: { lines: number; rounds: number },
): Promise<Map<ContenderName, number[]>> {
  const found = new Map<ContenderName, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [contender, databaseUrl] of databases) {
      const process = await openContender(contender, { databaseUrl, concurrency: 1 });
      const ms = await process.storeLogLines(lines);
      found.set(contender, [...(found.get(contender) ?? []), (lines * 1_000) / ms]);
      await process.close();
    }
  }
  return found;
}
