import type { Command } from 'commander';
import type { ResultOf } from '../../client/client.ts';
import type { Act, CommandContext } from '../command-context.ts';
import { Workflows } from '../documents.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

export function addWorkflows(program: Command, act: Act): void {
  program
    .command('workflows')
    .description('list the workflows that can be run')
    .option('--search <text>', 'only with this text in the name or slug')
    .action(act(workflows));
}

async function workflows({ client, terminal }: CommandContext, { search }: { search?: string }): Promise<ExitCode> {
  const found = [];
  for (let after: string | null = null; ; ) {
    const page: ResultOf<typeof Workflows> = await client.send(Workflows, { after, search });
    found.push(...page.workflows.edges.map(({ node }) => node));
    if (!page.workflows.pageInfo.hasNextPage) break;
    after = page.workflows.pageInfo.endCursor;
  }
  if (terminal.isJson) terminal.json(found);
  else if (found.length === 0) terminal.note('There is no such workflow.');
  else {
    const rows = found.map(({ name, slug, steps, version }) => [slug, String(version), String(steps.length), name]);
    terminal.line(terminal.table(['SLUG', 'VERSION', 'STEPS', 'NAME'], rows));
  }
  return EXIT.ok;
}
