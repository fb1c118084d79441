import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { isFinal, SignalboxError } from '../../client/client.ts';
import type { JsonObject } from '../../client/graphql.ts';
import type { Act, CommandContext } from '../command-context.ts';
import { WorkflowInput } from '../documents.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { followJob } from '../follow-job.ts';
import { textOf } from '../given-file.ts';
import { onInterrupt } from '../interrupts.ts';
import { oneOf, PRIORITIES } from '../job-filter.ts';
import { jobInputOf } from '../job-input.ts';
import { repeated } from '../repeated.ts';

interface RunOptions {
  input?: string[];
  priority?: string;
  subject?: string;
  label?: string[];
  idempotencyKey?: string;
  detach?: boolean;
  log: boolean;
}

const AFTER_HELP = `
A FILE is saved first: a changed source adds a version to its workflow, the same one adds nothing.

Ctrl-C asks the job to cancel and waits for its end; once more leaves at once, while the cancel goes on.
A terminal that closes leaves the job running. With --detach nothing is followed.

Examples:
  signalbox run simulated-pipeline -i stageDuration=1s -i failureRate=0
  signalbox run workflows/repository-report.yaml --input '{"repository": "."}'
  signalbox run import --input @input.json --json | jq -c 'select(.event == "step")'`;

export function addRun(program: Command, act: Act): void {
  program
    .command('run')
    .description('make a job of a workflow, or of a workflow file, and follow it to its end')
    .argument('<workflow>', 'a file, or the slug of a workflow')
    .option('-i, --input <input>', 'key=value, key=@file, a JSON object, or @file; may be repeated', repeated)
    .option('-p, --priority <priority>', `${PRIORITIES.join(', ').toLowerCase()}; that of the workflow unless told`)
    .option('--subject <subject>', 'what the job is about')
    .option('--label <label>', 'a word to find it by; may be repeated', repeated)
    .option('--idempotency-key <key>', 'the same key and input give the same job again')
    .option('-d, --detach', 'say the id and leave')
    .option('--no-log', 'follow the steps without their log')
    .addHelpText('after', AFTER_HELP)
    .action(act(run));
}

async function run(context: CommandContext, name: string, options: RunOptions): Promise<ExitCode> {
  const { client, terminal } = context;
  const { inputSchema, slug } = await workflowOf(context, name);
  const job = await client.createJob({
    workflow: slug,
    input: await jobInputOf(options.input ?? [], inputSchema),
    priority: options.priority === undefined ? undefined : oneOf(PRIORITIES, options.priority, '--priority'),
    subject: options.subject,
    labels: options.label,
    idempotencyKey: options.idempotencyKey,
  });
  if (options.detach) {
    if (terminal.isJson) terminal.json(job);
    else terminal.line(job.id);
    return EXIT.ok;
  }
  if (terminal.isJson) terminal.json({ event: 'created', job }, { compact: true });
  else terminal.line(`job ${job.id}  ${slug} v${job.workflowVersion}  ${client.url}/jobs/${job.id}`);
  const letGo = onInterrupt((press) => {
    if (press > 1) process.exit(EXIT.cancelled);
    terminal.note('cancelling … (Ctrl-C again leaves; the cancel goes on)');
    cancelUnfinished(context, job.id).catch((error: Error) =>
      terminal.note(`it cannot be cancelled: ${error.message}`),
    );
  });
  try {
    return await followJob(context, job.id, { withLog: options.log });
  } finally {
    letGo();
  }
}

async function cancelUnfinished({ client }: CommandContext, id: string): Promise<void> {
  const { status } = await client.job(id);
  if (!isFinal(status)) await client.cancelJob(id);
}

async function workflowOf(context: CommandContext, name: string): Promise<{ slug: string; inputSchema: JsonObject }> {
  const isFile = existsSync(name) || /[/\\]|\.(ya?ml|json)$/.test(name);
  if (isFile) return context.client.saveWorkflow(await textOf(name));
  const { workflow } = await context.client.send(WorkflowInput, { slug: name });
  if (workflow) return workflow;
  throw new SignalboxError(
    'NOT_FOUND',
    `There is no workflow "${name}", and no such file. \`signalbox workflows\` lists them.`,
  );
}
