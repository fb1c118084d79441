import type { Command } from 'commander';
import { createLogUpdate } from 'log-update';
import type { Job } from '../../client/client.ts';
import type { JobFilter } from '../../client/graphql.ts';
import type { Act, CommandContext } from '../command-context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { followJob, subscribeOptions } from '../follow-job.ts';
import { addFilterOptions, type FilterOptions, filterOf } from '../job-filter.ts';
import { jobTable } from '../job-table.ts';
import { clock, paintedStatus } from '../words.ts';

const REDRAW_MS = 100;
const AGES_MS = 1_000;

const AFTER_HELP = `
With an id the command ends with the job, by the exit codes of run. Without one it shows all jobs that match, until
Ctrl-C. At a terminal the list is drawn again at each change; elsewhere there is one line for each change.
Ctrl-C ends the watching only.`;

export function addWatch(program: Command, act: Act): void {
  addFilterOptions(program.command('watch').description('watch a job to its end, or all that match'))
    .argument('[id]', 'the job')
    .addHelpText('after', AFTER_HELP)
    .action(
      act((context, id: string | undefined, options: FilterOptions) =>
        id === undefined ? watchList(context, filterOf(options)) : followJob(context, id, { withLog: false }),
      ),
    );
}

async function watchList(context: CommandContext, filter: JobFilter): Promise<ExitCode> {
  const { client, terminal } = context;
  const jobs = new Map<string, Job>();
  const draw = terminal.isInteractive ? drawing(context, jobs) : undefined;
  try {
    for await (const { deletedId, job } of client.watchJobs(filter, subscribeOptions(terminal))) {
      if (deletedId) jobs.delete(deletedId);
      if (job && filter.status && !filter.status.includes(job.status)) jobs.delete(job.id);
      else if (job) jobs.set(job.id, job);
      if (draw) draw.soon();
      else if (terminal.isJson)
        terminal.json(deletedId ? { event: 'deleted', id: deletedId } : { event: 'job', ...job }, { compact: true });
      else if (job) {
        const { completedSteps, totalSteps } = job.progress;
        const status = paintedStatus(terminal, job.status);
        terminal.line(
          `${clock(job.updatedAt)} ${job.id} ${status} ${job.workflow.slug} ${completedSteps}/${totalSteps}`,
        );
      } else terminal.line(`${deletedId} deleted`);
    }
    return EXIT.ok;
  } finally {
    draw?.end();
  }
}

function drawing({ terminal }: CommandContext, jobs: ReadonlyMap<string, Job>) {
  const update = createLogUpdate(process.stdout);
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    timer = undefined;
    const newestFirst = [...jobs.values()].toSorted((one, other) => other.createdAt.localeCompare(one.createdAt));
    const shown = newestFirst.slice(0, Math.max(1, process.stdout.rows - 4));
    const more = newestFirst.length - shown.length;
    const table = shown.length > 0 ? jobTable(terminal, shown) : 'No job matches now.';
    update(more > 0 ? `${table}\n… ${more} more` : table);
  };
  const ages = setInterval(draw, AGES_MS);
  return {
    soon() {
      timer ??= setTimeout(draw, REDRAW_MS);
    },
    end() {
      clearTimeout(timer);
      clearInterval(ages);
      update.done();
    },
  };
}
