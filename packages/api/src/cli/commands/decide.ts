import type { Command } from 'commander';
import type { Act, CommandContext } from '../command-context.ts';
import { EXIT, type ExitCode, UsageError } from '../exit-codes.ts';
import { jobInputOf } from '../job-input.ts';
import { repeated } from '../repeated.ts';
import { report } from './moves.ts';

interface DecideOptions {
  comment?: string;
  form?: string[];
}

export function addDecisions(program: Command, act: Act): void {
  for (const [name, approve] of [
    ['approve', true],
    ['reject', false],
  ] as const) {
    program
      .command(name)
      .description(`${name} what a step waits for`)
      .argument('<id>', 'the job')
      .argument('[step]', 'the key of the step; the one that waits, unless told')
      .option('-c, --comment <text>', 'why')
      .option('--form <input>', 'what the form asks for: key=value, a JSON object, or @file; may be repeated', repeated)
      .action(
        act((context, id: string, step: string | undefined, options: DecideOptions) =>
          decide(context, { id, step, approve, ...options }),
        ),
      );
  }
}

interface Decision extends DecideOptions {
  id: string;
  step: string | undefined;
  approve: boolean;
}

async function decide(context: CommandContext, { approve, comment, form, id, step }: Decision): Promise<ExitCode> {
  const { client } = context;
  const waiting = (await client.job(id)).steps.filter(({ approval, status }) => status === 'WAITING' && approval);
  if (step === undefined && waiting.length !== 1) {
    const keys = waiting.map(({ key }) => key).join(', ');
    throw new UsageError(
      waiting.length === 0
        ? `No step of ${id} waits for a decision.`
        : `Several steps of ${id} wait; name one: ${keys}.`,
    );
  }
  const chosen = step === undefined ? waiting[0] : waiting.find(({ key }) => key === step);
  const schema = chosen?.approval?.form;
  const isSchema = typeof schema === 'object' && schema !== null && !Array.isArray(schema);
  const job = await client.decideApproval({
    jobId: id,
    stepKey: chosen?.key ?? step ?? '',
    approve,
    comment,
    form: form ? await jobInputOf(form, isSchema ? schema : {}) : undefined,
  });
  report(context, job);
  return EXIT.ok;
}
