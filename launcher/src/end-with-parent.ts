/**
 * Runs Node with the given arguments and ends it when we lose our parent: for programs that do not care about theirs, as
 * `node --watch` and Vite. What the program says by IPC is passed on.
 */
import { spawn } from 'node:child_process';

const child = spawn(process.execPath, process.argv.slice(2), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
const end = () => child.kill('SIGTERM');

child.on('message', (message) => process.send?.(message));
child.once('exit', (code) => process.exit(code ?? 1));
process.once('disconnect', end);
// A Ctrl-C reaches the program as well as us; whatever comes, we end when it has ended.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
