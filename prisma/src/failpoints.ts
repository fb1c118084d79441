/**
 * Places where tests make a process fail at the worst moment. Off unless TEST_FAILPOINTS says otherwise, and then `failpoint`
 * is undefined and a place costs one comparison: `if (failpoint) await failpoint('before-record')`.
 *
 * TEST_FAILPOINTS is a comma-separated list of NAME=ACTION, or NAME=ACTION#N for the N-th time that the place is passed and
 * not before. Actions: `kill` and `stop` send KILL or STOP to this process, `block:MS` blocks its event loop, `hold:FILE` waits
 * as long as the file exists.
 */
import { existsSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const PLACES = [
  /** A wake-up call was taken from the queue. */
  'before-claim',
  /** The job is RUNNING for the database, and nothing here knows of it. */
  'after-claim',
  /** A step type is about to run. */
  'step-start',
  /** Changes of jobs are about to be stored; then they are, and nobody here has been told. */
  'before-record',
  'after-record',
  /** The last change of a job is ready. */
  'before-settle',
  'before-log',
  'after-log',
  'before-artifact',
  'before-beat',
  'before-release',
  /** Expired leases were read; then the first of them is locked and all is written, but not committed. */
  'takeover-read',
  'takeover-written',
  /** Changes of jobs were read that webhooks are to be told of; then messages of them are stored. */
  'before-messages',
  'after-messages',
  /** A message of a webhook was taken; then its receiver has it, and nobody here has put that down. */
  'before-message-sent',
  'after-message-sent',
] as const;
export type Failpoint = (typeof PLACES)[number];

const HOLD_LOOK_MS = 5;

interface Failing {
  action: 'kill' | 'stop' | 'block' | 'hold';
  value: string;
  /** Counts down to 1; fails every time when absent. */
  passes: number | undefined;
}

/** Throws when the text is not what stands above: a test that makes nothing fail must not pass. */
export function parseFailpoints(text: string): Map<Failpoint, Failing> {
  const entries = text.split(',').map((entry): [Failpoint, Failing] => {
    const [, name, action, value = '', passes] =
      /^([a-z-]+)=(kill|stop|block|hold)(?::([^#]+))?(?:#(\d+))?$/.exec(entry) ?? [];
    const place = PLACES.find((known) => known === name);
    if (!place || (action !== 'kill' && action !== 'stop' && action !== 'block' && action !== 'hold'))
      throw new Error(`TEST_FAILPOINTS: "${entry}" is no failpoint`);
    return [place, { action, value, passes: passes === undefined ? undefined : Number(passes) }];
  });
  return new Map(entries);
}

/** What happens at each place; undefined when failpoints are off. */
export const failpoint = process.env.TEST_FAILPOINTS ? failAt(parseFailpoints(process.env.TEST_FAILPOINTS)) : undefined;

function failAt(failing: Map<Failpoint, Failing>): (place: Failpoint) => Promise<void> {
  return async (place) => {
    const found = failing.get(place);
    if (!found) return;
    if (found.passes !== undefined) {
      found.passes -= 1;
      if (found.passes !== 0) return;
    }
    const { action, value } = found;
    if (action === 'hold') return hold(place, value);
    say(`${place}: ${action}`);
    if (action === 'kill') process.kill(process.pid, 'SIGKILL');
    if (action === 'stop') process.kill(process.pid, 'SIGSTOP');
    if (action === 'block') block(Number(value));
  };
}

async function hold(place: Failpoint, file: string): Promise<void> {
  if (!existsSync(file)) return;
  say(`${place}: hold`);
  while (existsSync(file)) await pause(HOLD_LOOK_MS);
}

function block(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

function say(what: string): void {
  writeSync(2, `failpoint ${what}\n`);
}
