import type { Command } from 'commander';
import type { JobWithDetails } from '../../client/client.ts';
import type { Act, CommandContext } from '../command-context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { age, duration, paintedStatus } from '../words.ts';

export function addShow(program: Command, act: Act): void {
  program.command('show').description('show a job with its steps').argument('<id>', 'the job').action(act(show));
}

async function show({ client, terminal }: CommandContext, id: string): Promise<ExitCode> {
  const job = await client.job(id);
  if (terminal.isJson) terminal.json(job);
  else terminal.line([...factsOf(terminal, job), '', stepTable(terminal, job)].join('\n'));
  return EXIT.ok;
}

function factsOf(terminal: Terminal, job: JobWithDetails): string[] {
  const { completedSteps, expectedCompletionAt, percent, totalSteps } = job.progress;
  const { microUsd, inputTokens, outputTokens } = job.cost;
  const failure = job.rootCause?.step ? job.rootCause : job.error;
  const facts: Record<string, string | null | undefined> = {
    id: job.id,
    status:
      paintedStatus(terminal, job.status) + (job.status !== 'CANCELLED' && job.cancelRequestedAt ? ', cancelling' : ''),
    workflow: `${job.workflow.slug} v${job.workflowVersion}`,
    subject: job.subject,
    labels: job.labels.join(', '),
    priority: job.priority,
    created: `${job.createdAt} (${age(job.createdAt)} ago)`,
    took: job.durationMs === null ? null : duration(job.durationMs),
    progress: `${completedSteps} of ${totalSteps} steps, ${Math.round(percent)} %`,
    expected: expectedCompletionAt,
    'waits for': job.waitingFor?.message,
    error: failure && `${failure.step ? `step ${failure.step.key}: ` : ''}${failure.message} (${failure.category})`,
    cost: Number(inputTokens) + Number(outputTokens) > 0 ? `$${(Number(microUsd) / 1e6).toFixed(6)}` : null,
    input: JSON.stringify(job.input),
    output: job.output === null ? null : JSON.stringify(job.output),
    'may be': job.allowedActions.join(', ').toLowerCase(),
  };
  return Object.entries(facts).flatMap(([name, fact]) =>
    fact ? [`${terminal.paint('dim', name.padEnd(10))} ${fact}`] : [],
  );
}

function stepTable(terminal: Terminal, { steps }: JobWithDetails): string {
  return terminal.table(
    ['STEP', 'TYPE', 'STATUS', 'TRIES', 'TOOK', ''],
    steps.map((step) => [
      step.key,
      step.type,
      paintedStatus(terminal, step.status),
      String(step.attemptNumber),
      step.durationMs === null ? '' : duration(step.durationMs),
      step.error?.message ?? step.skippedBecause ?? (step.status === 'WAITING' ? (step.approval?.message ?? '') : ''),
    ]),
  );
}
