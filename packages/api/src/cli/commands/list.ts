import { type Command, InvalidArgumentError } from 'commander';
import type { Act, CommandContext } from '../command-context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { addFilterOptions, type FilterOptions, filterOf } from '../job-filter.ts';
import { jobTable } from '../job-table.ts';

interface ListOptions extends FilterOptions {
  limit: number;
  ids?: boolean;
}

export function addList(program: Command, act: Act): void {
  addFilterOptions(program.command('list').alias('ls').description('list jobs, the newest first'))
    .option('-n, --limit <count>', 'so many at most', wholeNumber, 20)
    .option('-q, --ids', 'only the ids, for other commands to read')
    .action(act(list));
}

/** For an option that counts something. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('A whole number from 1 is needed.');
  return Number(text);
}

const MOST_IN_A_PAGE = 100;

async function list({ client, terminal }: CommandContext, options: ListOptions): Promise<ExitCode> {
  const filter = filterOf(options);
  const jobs = [];
  let totalCount = 0;
  for (let after: string | null = null; jobs.length < options.limit; ) {
    const page = await client.jobs({ first: Math.min(MOST_IN_A_PAGE, options.limit - jobs.length), after, filter });
    jobs.push(...page.jobs);
    totalCount = page.totalCount;
    after = page.endCursor;
    if (!page.hasNextPage) break;
  }
  if (terminal.isJson) terminal.json({ totalCount, jobs });
  else if (options.ids) for (const { id } of jobs) terminal.line(id);
  else if (jobs.length === 0) terminal.note('No job matches.');
  else {
    terminal.line(jobTable(terminal, jobs));
    if (totalCount > jobs.length) terminal.note(`${totalCount - jobs.length} more; -n ${totalCount} shows all`);
  }
  return EXIT.ok;
}
