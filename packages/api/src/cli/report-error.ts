import { SignalboxError } from '../client/client.ts';
import { EXIT, type ExitCode, exitCodeOf, UsageError } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** Says on stderr what went wrong and what to do; gives the code to end with. */
export function reportError(terminal: Terminal, error: unknown): ExitCode {
  const exitCode = exitCodeOf(error);
  if (error instanceof SignalboxError) {
    const { allowed, code, issues, message, requestId } = error;
    if (terminal.isJson) {
      process.stderr.write(`${JSON.stringify({ error: { code, message, issues, allowed, requestId } })}\n`);
      return exitCode;
    }
    process.stderr.write(`signalbox: ${message}\n`);
    for (const { column, line, message: what, path } of issues)
      process.stderr.write(`  ${line ? `line ${line}, column ${column}: ` : path ? `${path}: ` : ''}${what}\n`);
    if (allowed.length > 0) process.stderr.write(`  Allowed now: ${allowed.join(', ').toLowerCase()}\n`);
    if (exitCode === EXIT.forbidden) process.stderr.write('  Set SIGNALBOX_TOKEN to a token that may do this.\n');
    if (requestId && exitCode === EXIT.internal) process.stderr.write(`  Request id: ${requestId}\n`);
    return exitCode;
  }
  if (error instanceof UsageError) {
    const { message } = error;
    if (terminal.isJson) process.stderr.write(`${JSON.stringify({ error: { code: 'USAGE', message } })}\n`);
    else process.stderr.write(`signalbox: ${message}\n`);
    return exitCode;
  }
  process.stderr.write(
    `signalbox: this is a fault of signalbox itself\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
  return exitCode;
}
