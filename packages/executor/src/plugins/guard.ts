import { spawn } from 'node:child_process';

/**
 * A shell that waits for the end of this process, whatever ends it, and then kills the group: a plugin that is busy would not
 * notice by itself that nobody is there any more. Returns what calls the guard off.
 */
export function guardGroup(leader: number): () => void {
  const guard = spawn('/bin/sh', ['-c', 'read -r _; kill -s KILL -- "-$1"', 'signalbox-guard', String(leader)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    detached: true,
  });
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  return () => void guard.kill('SIGKILL');
}
