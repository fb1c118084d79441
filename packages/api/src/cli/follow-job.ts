import { isFinal, type JobWithDetails, SignalboxError, type SubscribeOptions } from '../client/client.ts';
import type { CommandContext } from './command-context.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { writeLogLine } from './log-lines.ts';
import { StepReporter } from './step-reporter.ts';
import type { Terminal } from './terminal.ts';
import { duration, paintedStatus } from './words.ts';

/** Tells about a job and, if wanted, its log (behind a cursor), until it has ended. Gives the exit code that stands for its end. */
export async function followJob(
  { client, terminal }: CommandContext,
  id: string,
  { after, withLog }: { withLog: boolean; after?: string },
): Promise<ExitCode> {
  const options = subscribeOptions(terminal);
  const reporter = new StepReporter(terminal);
  const log = (async () => {
    if (withLog) for await (const line of client.followLogs(id, { ...options, after })) writeLogLine(terminal, line);
  })();
  const end = (async () => {
    for await (const { deletedId, job } of client.watchJob(id, options)) {
      if (job) reporter.report(job);
      if (deletedId) throw new SignalboxError('NOT_FOUND', `The job "${id}" was deleted.`);
      if (job && isFinal(job.status)) return;
    }
  })();
  await Promise.all([log, end]);
  return reportEnd(terminal, await client.job(id));
}

/** Says when the connection is lost and when it is back; what was missed then comes, once and in order. */
export function subscribeOptions(terminal: Terminal): SubscribeOptions {
  let isLost = false;
  return {
    onConnection: (state) => {
      if ((state === 'lost') === isLost) return;
      isLost = state === 'lost';
      terminal.note(isLost ? 'connection lost, trying again …' : 'connected again');
    },
  };
}

function reportEnd(terminal: Terminal, job: JobWithDetails): ExitCode {
  const exitCode = job.status === 'COMPLETED' ? EXIT.ok : job.status === 'FAILED' ? EXIT.failed : EXIT.cancelled;
  if (terminal.isJson) {
    terminal.json({ event: 'end', exitCode, job }, { compact: true });
    return exitCode;
  }
  const took = job.durationMs === null ? '' : ` in ${duration(job.durationMs)}`;
  terminal.line(`${paintedStatus(terminal, job.status)}${took}`);
  if (job.status === 'COMPLETED' && job.output !== null) terminal.json(job.output);
  if (job.status === 'FAILED') {
    const { error, rootCause } = job;
    const first = rootCause?.step ? rootCause : error;
    terminal.note(
      `${first?.step ? `step ${first.step.key}: ` : ''}${first?.message ?? 'no reason given'} (${first?.category})`,
    );
    terminal.note(
      `  signalbox logs ${job.id} shows its log, signalbox retry ${job.id} tries again what has not completed`,
    );
  }
  return exitCode;
}
