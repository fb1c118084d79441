import { styleText } from 'node:util';

const WARNING = 40;
const ERROR = 50;
/** What every line has, or what is shown in another way. */
const NOT_SHOWN = new Set(['level', 'time', 'pid', 'hostname', 'worker', 'name', 'msg', 'err']);

/**
 * A line of a service for a person's eyes: the time, the service, the message, and what belongs to it. Lines that are no
 * JSON of a logger are shown as they are.
 */
export function serviceLine(service: string, line: string): string {
  const entry = parseEntry(line);
  if (!entry) return prefixed(service, new Date(), line);
  const level = typeof entry.level === 'number' ? entry.level : 0;
  const time = typeof entry.time === 'number' ? new Date(entry.time) : new Date();
  const details = Object.entries(entry).flatMap(([name, value]) =>
    NOT_SHOWN.has(name) ? [] : [`${name}=${textOf(value)}`],
  );
  const isError = level >= ERROR;
  const cause = isError ? undefined : messageOf(entry.err);
  const text = [entry.msg, ...(cause ? [`(${cause})`] : []), ...details].join(' ');
  return [prefixed(service, time, `${wordOf(level)}${text}`), ...(isError ? causeLines(entry.err) : [])].join('\n');
}

/** A line of our own, in the same form. */
export function ownLine(text: string): string {
  return prefixed('signalbox', new Date(), text);
}

function parseEntry(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null && 'msg' in entry ? { ...entry } : undefined;
  } catch {
    return undefined;
  }
}

function prefixed(service: string, time: Date, text: string): string {
  return `${styleText('dim', `${time.toTimeString().slice(0, 8)} [${service}]`)} ${text}`;
}

function wordOf(level: number): string {
  if (level >= ERROR) return styleText('red', 'error: ');
  return level >= WARNING ? styleText('yellow', 'warning: ') : '';
}

function messageOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : undefined;
}

function causeLines(error: unknown): string[] {
  const stack =
    typeof error === 'object' && error !== null && 'stack' in error ? String(error.stack) : messageOf(error);
  return stack?.split('\n').map((line) => `    ${line}`) ?? [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
