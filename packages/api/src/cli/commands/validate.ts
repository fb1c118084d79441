import type { Command } from 'commander';
import type { Act, CommandContext } from '../command-context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { textOf } from '../given-file.ts';

export function addValidate(program: Command, act: Act): void {
  program
    .command('validate')
    .description('say what is wrong with workflow files, and save nothing')
    .argument('<file...>', 'the files')
    .action(act(validate));
}

async function validate({ client, terminal }: CommandContext, files: string[]): Promise<ExitCode> {
  const found = [];
  for (const file of files) found.push({ file, ...(await client.validateWorkflow(await textOf(file))) });
  if (terminal.isJson) terminal.json(found);
  for (const { file, issues, valid } of terminal.isJson ? [] : found) {
    if (valid) terminal.line(`${file}: ${terminal.paint('green', 'valid')}`);
    // As compilers write it, so that editors find the place.
    for (const { column, line, message, path } of issues)
      terminal.line(`${file}${line ? `:${line}:${column ?? 1}` : ''}: ${message}${line || !path ? '' : ` (${path})`}`);
  }
  return found.every(({ valid }) => valid) ? EXIT.ok : EXIT.failed;
}
