import type { LogLevel } from '../app/graphql.ts';

/** The chips that narrow a log, with the levels that each stands for. */
export const LEVEL_CHIPS = [
  { key: 'error', levels: ['ERROR'] },
  { key: 'warning', levels: ['WARNING'] },
  { key: 'info', levels: ['INFO', 'PROGRESS', 'SUCCESS'] },
  { key: 'debug', levels: ['DEBUG'] },
] as const satisfies readonly { key: string; levels: readonly LogLevel[] }[];

export type LevelChip = (typeof LEVEL_CHIPS)[number]['key'];

/** The levels of the chosen chips; all of them when none is chosen. */
export function levelsOf(chips: readonly LevelChip[]): LogLevel[] | undefined {
  if (chips.length === 0) return undefined;
  return LEVEL_CHIPS.filter(({ key }) => chips.includes(key)).flatMap(({ levels }) => levels);
}

/** How many lines each chip would show. */
export function countChips(lines: readonly { level: LogLevel }[]): Map<LevelChip, number> {
  const counts = new Map<LevelChip, number>();
  const chipOf = new Map<LogLevel, LevelChip>(
    LEVEL_CHIPS.flatMap(({ key, levels }) => levels.map((level) => [level, key])),
  );
  for (const { level } of lines) {
    const chip = chipOf.get(level);
    if (chip) counts.set(chip, (counts.get(chip) ?? 0) + 1);
  }
  return counts;
}
