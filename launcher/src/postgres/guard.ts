import { spawn } from 'node:child_process';

/**
 * A shell that outlives us: when its stdin closes because we died, it waits the given time, makes sure that the process
 * is still PostgreSQL in that folder, and asks it to stop; then removes the folder where told to.
 */
const SCRIPT = `
trap '' INT TERM HUP
pid=$1 folder=$2 linger=$3 remove=$4
cat >/dev/null
ours() {
  if [ -d /proc/self ]; then [ "$(readlink "/proc/$pid/cwd")" = "$folder" ]
  else case "$(ps -o command= -p "$pid") " in *" -D $folder "*) true ;; *) false ;; esac; fi
}
waited=0
while [ "$waited" -lt "$linger" ] && ours; do sleep 1; waited=$((waited + 1)); done
if ours; then kill -INT "$pid"; fi
while ours; do sleep 0.1; done
if [ -n "$remove" ]; then rm -rf "$remove"; fi
`;

export interface GuardOptions {
  pid: number;
  clusterFolder: string;
  /** Seconds that the database goes on after our death, for processes that still have to put their work down. */
  lingerSeconds: number;
  /** A folder to remove once the server is gone: for databases that are not meant to stay. */
  remove?: string;
}

/** Sees to it that a server does not outlive a killed parent for long. To be dismissed when the server has ended. */
export function guardServer({ pid, clusterFolder, lingerSeconds, remove }: GuardOptions): { dismiss(): void } {
  const values = [String(pid), clusterFolder, String(lingerSeconds), remove ?? ''];
  const guard = spawn('sh', ['-c', SCRIPT, 'signalbox-database-guard', ...values], {
    cwd: '/',
    // Out of reach of a Ctrl-C and of a kill of our process group.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a guard the server merely lives on after a kill, and the next start stops it.
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();
  return {
    dismiss() {
      guard.kill('SIGKILL');
      guard.stdin.destroy();
    },
  };
}
