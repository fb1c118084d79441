import type { Command } from 'commander';
import type { Act, CommandContext } from '../command-context.ts';
import { Workers } from '../documents.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { age } from '../words.ts';

export function addWorkers(program: Command, act: Act): void {
  program.command('workers').description('list the workers, and how deep each queue is').action(act(workers));
}

async function workers({ client, terminal }: CommandContext): Promise<ExitCode> {
  const result = await client.send(Workers, {});
  if (terminal.isJson) {
    terminal.json(result);
    return EXIT.ok;
  }
  if (result.workers.length === 0) terminal.note('There is no worker. `npm run start:executor` starts one.');
  else {
    const rows = result.workers.map((worker) => [
      worker.name,
      worker.healthy ? terminal.paint('green', 'healthy') : terminal.paint('red', 'silent'),
      `${worker.runningJobs}/${worker.concurrency}`,
      worker.queues.join(', '),
      worker.version ?? '',
      `${age(worker.lastSeenAt)} ago`,
      age(worker.startedAt),
    ]);
    terminal.line(terminal.table(['WORKER', 'STATE', 'JOBS', 'QUEUES', 'VERSION', 'SEEN', 'UP'], rows));
  }
  if (result.queues.length > 0) {
    const rows = result.queues.map((queue) => [
      queue.name,
      String(queue.queued),
      queue.oldestQueuedAt ? age(queue.oldestQueuedAt) : '',
      String(queue.running),
      String(queue.waiting),
      String(queue.workers),
      `${queue.taken}/${queue.slots}`,
    ]);
    terminal.line(`\n${terminal.table(['QUEUE', 'QUEUED', 'OLDEST', 'RUNNING', 'WAITING', 'WORKERS', 'SLOTS'], rows)}`);
  }
  return EXIT.ok;
}
