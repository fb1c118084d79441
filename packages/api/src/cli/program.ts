import tab from '@bomb.sh/tab/commander';
import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { SignalboxClient } from '../client/client.ts';
import type { Act } from './command-context.ts';
import { addDecisions } from './commands/decide.ts';
import { addDoctor } from './commands/doctor.ts';
import { addList } from './commands/list.ts';
import { addLogs } from './commands/logs.ts';
import { addMoves } from './commands/moves.ts';
import { addRun } from './commands/run.ts';
import { addShow } from './commands/show.ts';
import { addValidate } from './commands/validate.ts';
import { addWatch } from './commands/watch.ts';
import { addWorkers } from './commands/workers.ts';
import { addWorkflows } from './commands/workflows.ts';
import { EXIT } from './exit-codes.ts';
import { reportError } from './report-error.ts';
import { Terminal } from './terminal.ts';

interface GlobalOptions {
  url: string;
  json?: boolean;
  color: boolean;
}

const AFTER_HELP = `
Environment:
  SIGNALBOX_URL    where the server is; http://127.0.0.1:4000 unless told
  SIGNALBOX_TOKEN  an API token, for servers that want one
  NO_COLOR         no colours, as always where no terminal reads

Exit codes:
  0    done; of run and watch: the job completed
  1    the job failed, the workflow is invalid, or the doctor found something
  2    the command or what it was given is wrong
  3    refused: no such thing, or its state does not allow it
  4    no token, or not with this one
  5    the server or its database cannot be reached
  130  the job was cancelled, or Ctrl-C`;

export function createProgram(): Command {
  const program = new Command('signalbox')
    .description('Run jobs, watch and steer them live.')
    .version(packageJson.version)
    .option('--url <url>', 'where the server is', process.env.SIGNALBOX_URL ?? 'http://127.0.0.1:4000')
    .option('--json', 'write JSON: one document, or one line for each event of what is followed')
    .option('--no-color', 'no colours')
    .addHelpText('after', AFTER_HELP)
    .showHelpAfterError('(signalbox --help tells what there is)')
    .exitOverride((error) => {
      process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
    });

  const act: Act =
    (work) =>
    async (...args) => {
      const { color, json = false, url } = program.opts<GlobalOptions>();
      if (!color) process.env.NO_COLOR = '1';
      const terminal = new Terminal({ isJson: json });
      const client = new SignalboxClient({ url, token: process.env.SIGNALBOX_TOKEN || undefined });
      try {
        process.exitCode = await work({ client, terminal }, ...args);
      } catch (error) {
        process.exitCode = reportError(terminal, error);
      } finally {
        await client.close();
      }
    };

  for (const add of [
    addRun,
    addList,
    addWatch,
    addLogs,
    addShow,
    addMoves,
    addDecisions,
    addWorkflows,
    addValidate,
    addWorkers,
    addDoctor,
  ]) {
    add(program, act);
  }
  tab(program, { completionCommandName: 'completion' });
  const completion = program.commands.find((command) => command.name() === 'completion');
  completion?.description('write the completion script for a shell');
  return program;
}
