import { stripVTControlCharacters } from 'node:util';
import type { LogLine } from '../client/client.ts';
import { UsageError } from './exit-codes.ts';
import type { Colour, Terminal } from './terminal.ts';
import { clock } from './words.ts';

const IMPORTANCE = { DEBUG: 0, INFO: 1, PROGRESS: 1, SUCCESS: 1, WARNING: 2, ERROR: 3 } as const;
type Level = LogLine['level'];
const LEVELS: readonly Level[] = ['DEBUG', 'INFO', 'PROGRESS', 'SUCCESS', 'WARNING', 'ERROR'];
const COLOURS: Partial<Record<Level, Colour>> = { DEBUG: 'dim', SUCCESS: 'green', WARNING: 'yellow', ERROR: 'red' };

/** The levels that are at least as important. */
export function levelsFrom(text: string): Level[] {
  const lowest = LEVELS.find((level) => level === text.toUpperCase());
  if (!lowest)
    throw new UsageError(`--level ${text}: there is no such level. Levels: ${LEVELS.join(', ').toLowerCase()}.`);
  return LEVELS.filter((level) => IMPORTANCE[level] >= IMPORTANCE[lowest]);
}

export function writeLogLine(terminal: Terminal, line: LogLine): void {
  if (terminal.isJson) {
    terminal.json({ event: 'log', ...line }, { compact: true });
    return;
  }
  const colour = COLOURS[line.level];
  const message = terminal.hasColours ? line.message : stripVTControlCharacters(line.message);
  const text = colour ? terminal.paint(colour, message) : message;
  const place = line.stepKey === null ? '' : `${terminal.paint('cyan', line.stepKey)} `;
  terminal.line(`${terminal.paint('dim', clock(line.at))} ${place}${text}`);
}
