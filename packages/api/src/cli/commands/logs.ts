import type { Command } from 'commander';
import type { LogLine, LogPage, LogPart, SignalboxClient } from '../../client/client.ts';
import type { Act, CommandContext } from '../command-context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { subscribeOptions } from '../follow-job.ts';
import { levelsFrom, writeLogLine } from '../log-lines.ts';
import { wholeNumber } from './list.ts';

interface LogsOptions {
  follow?: boolean;
  step?: string;
  level?: string;
  search?: string;
  tail?: number;
}

const MOST_IN_A_PAGE = 1_000;

const AFTER_HELP = `
With -f it goes on until the job has ended. Lost connections are made again, and no line is missed or comes twice.
With --json each line is one JSON object.`;

export function addLogs(program: Command, act: Act): void {
  program
    .command('logs')
    .description('show the log of a job')
    .argument('<id>', 'the job')
    .option('-f, --follow', 'go on with new lines until the job has ended')
    .option('--step <key>', 'only of this step')
    .option('--level <level>', 'only as important as this or more: debug, info, warning, error')
    .option('--search <text>', 'only with this text, in any case')
    .option('-n, --tail <count>', 'begin with so many from the end', wholeNumber)
    .addHelpText('after', AFTER_HELP)
    .action(act(logs));
}

async function logs({ client, terminal }: CommandContext, id: string, options: LogsOptions): Promise<ExitCode> {
  const levels = options.level === undefined ? undefined : levelsFrom(options.level);
  const filter = { stepKey: options.step, levels, search: options.search };
  const write = (lines: readonly LogLine[]) => {
    for (const line of lines) writeLogLine(terminal, line);
  };
  let after: string | undefined;
  if (options.tail !== undefined) {
    const lines = await tailOf(client, { id, filter }, options.tail);
    write(lines);
    // Where nothing matches so far, nothing can come twice.
    after = lines.at(-1)?.cursor;
  } else if (!options.follow) {
    for await (const lines of pagesOf(client, { id, filter })) write(lines);
  }
  if (!options.follow) return EXIT.ok;
  const wanted = wantedBy(levels, options.search);
  const follow = { ...subscribeOptions(terminal), stepKey: options.step, after };
  for await (const line of client.followLogs(id, follow)) if (wanted(line)) writeLogLine(terminal, line);
  return EXIT.ok;
}

async function* pagesOf(client: SignalboxClient, part: LogPart): AsyncGenerator<LogLine[], void, void> {
  for (let after: string | null = null; ; ) {
    const page: LogPage = await client.logs({ ...part, first: MOST_IN_A_PAGE, after });
    yield page.lines;
    if (!page.hasNextPage) return;
    after = page.endCursor;
  }
}

async function tailOf(client: SignalboxClient, part: LogPart, count: number): Promise<LogLine[]> {
  const pages: LogLine[][] = [];
  let missing = count;
  for (let before: string | null = null; missing > 0; ) {
    const page: LogPage = await client.logs({ ...part, last: Math.min(MOST_IN_A_PAGE, missing), before });
    pages.unshift(page.lines);
    missing -= page.lines.length;
    before = page.startCursor;
    if (!page.hasPreviousPage) break;
  }
  return pages.flat();
}

/** The same choice that the server makes for pages. */
function wantedBy(levels: readonly LogLine['level'][] | undefined, search: string | undefined) {
  const needle = search?.toLowerCase();
  return ({ level, message }: LogLine) =>
    (levels === undefined || levels.includes(level)) &&
    (needle === undefined || message.toLowerCase().includes(needle));
}
