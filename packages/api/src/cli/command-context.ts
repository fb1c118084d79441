import type { SignalboxClient } from '../client/client.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** What every command works with. */
export interface CommandContext {
  client: SignalboxClient;
  terminal: Terminal;
}

/** Turns the work of a command into what commander calls: with a client, and with the exit code set when it is done. */
export type Act = <Args extends unknown[]>(
  work: (context: CommandContext, ...args: Args) => Promise<ExitCode>,
) => (...args: Args) => Promise<void>;
