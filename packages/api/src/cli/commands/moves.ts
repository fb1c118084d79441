import type { Command } from 'commander';
import type { Job, SignalboxClient } from '../../client/client.ts';
import type { JsonObject } from '../../client/graphql.ts';
import type { Act, CommandContext } from '../command-context.ts';
import { WorkflowInput } from '../documents.ts';
import { EXIT, type ExitCode, UsageError } from '../exit-codes.ts';
import { followJob } from '../follow-job.ts';
import { jobInputOf } from '../job-input.ts';
import { repeated } from '../repeated.ts';
import { reportError } from '../report-error.ts';
import { paintedStatus } from '../words.ts';

interface MoveOptions {
  follow?: boolean;
  force?: boolean;
}

interface Move {
  name: string;
  description: string;
  move(client: SignalboxClient, id: string, options: MoveOptions): Promise<Job>;
  canForce?: boolean;
}

const MOVES: readonly Move[] = [
  {
    name: 'cancel',
    description: 'ask jobs to stop',
    move: (client, id, { force }) => client.cancelJob(id, { force }),
    canForce: true,
  },
  { name: 'pause', description: 'start no further steps of jobs', move: (client, id) => client.pauseJob(id) },
  {
    name: 'resume',
    description: 'let paused jobs go on, and failed ones from the step that failed',
    move: (client, id) => client.resumeJob(id),
  },
  {
    name: 'retry',
    description: 'queue failed or cancelled jobs again; what has completed does not run again',
    move: (client, id) => client.retryJob(id),
  },
  {
    name: 'start',
    description: 'start jobs that were made without starting',
    move: (client, id) => client.startJob(id),
  },
];

/** The commands that move jobs from one state to another. */
export function addMoves(program: Command, act: Act): void {
  for (const { canForce, description, move, name } of MOVES) {
    const command = program
      .command(name)
      .description(description)
      .argument('<id...>', 'the jobs')
      .option('-f, --follow', 'follow the job to its end');
    if (canForce) command.option('--force', 'end running steps at once');
    command.action(act((context, ids: string[], options: MoveOptions) => moveAll(context, ids, options, move)));
  }
  program
    .command('rerun')
    .description('make a new job with the same workflow version and input, or another input')
    .argument('<id>', 'the job to repeat')
    .option('-i, --input <input>', 'a whole new input, as for run; may be repeated', repeated)
    .option('-f, --follow', 'follow the new job to its end')
    .action(act(rerun));
}

async function moveAll(
  context: CommandContext,
  ids: readonly string[],
  options: MoveOptions,
  move: Move['move'],
): Promise<ExitCode> {
  const { client, terminal } = context;
  const [first] = ids;
  if (options.follow && first !== undefined) {
    if (ids.length > 1) throw new UsageError('--follow: one job can be followed, and several were given.');
    const { endCursor } = await client.logs({ id: first, last: 1 });
    report(context, await move(client, first, options));
    return followJob(context, first, { withLog: true, after: endCursor ?? undefined });
  }
  let exitCode: ExitCode = EXIT.ok;
  for (const id of ids) {
    try {
      report(context, await move(client, id, options));
    } catch (error) {
      const code = reportError(terminal, error);
      if (exitCode === EXIT.ok) exitCode = code;
    }
  }
  return exitCode;
}

async function rerun(
  context: CommandContext,
  id: string,
  options: { input?: string[]; follow?: boolean },
): Promise<ExitCode> {
  const { client } = context;
  const input = options.input ? await jobInputOf(options.input, await schemaOf(client, id)) : undefined;
  const job = await client.rerunJob(id, input);
  report(context, job);
  return options.follow ? followJob(context, job.id, { withLog: true }) : EXIT.ok;
}

/** What the workflow of a job takes, as its newest version says. */
async function schemaOf(client: SignalboxClient, id: string): Promise<JsonObject> {
  const { workflow } = await client.send(WorkflowInput, { slug: (await client.job(id)).workflow.slug });
  return workflow?.inputSchema ?? {};
}

/** One line for each job, whatever was done to it. */
export function report({ terminal }: CommandContext, job: Job): void {
  if (terminal.isJson) {
    terminal.json({ event: 'job', ...job }, { compact: true });
    return;
  }
  const pending =
    job.status === 'CANCELLED' || job.cancelRequestedAt === null
      ? job.pauseRequestedAt === null
        ? ''
        : ', pausing'
      : ', cancelling';
  terminal.line(`${job.id} ${paintedStatus(terminal, job.status)}${pending}`);
}
