import { setTimeout as wait } from 'node:timers/promises';
import { countFailure, restartDelay } from './backoff.ts';
import { EX_CONFIG, StartError } from './start-error.ts';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process that was started and is looked after. */
export interface ManagedProcess {
  exited: Promise<Exit>;
  /** Asks it to end in good order. */
  stop(): void;
  /** Ends it at once. */
  kill(): void;
}

export interface KeptProcess {
  /** Ends the process and does not start it again; after the given milliseconds of patience without asking further. */
  stop(patienceMs: number): Promise<void>;
  /** Ends the process at once and does not start it again; cuts the patience of a stop short. */
  kill(): void;
}

export interface KeepRunningOptions {
  /** For messages: "executor". */
  name: string;
  start(): Promise<ManagedProcess>;
  /** Called each time it has ended by itself, with how often that happened in a row. */
  onFailure?(failures: number): void;
  /** Called when starting it again cannot help. */
  onHopeless(error: StartError): void;
  report(line: string): void;
}

/**
 * Keeps one process running: starts it, and when it ends without having been asked to, again after a growing delay.
 * A process that exits with EX_CONFIG has said what is wrong with the settings, so that is final.
 */
export function keepRunning({ name, start, onFailure, onHopeless, report }: KeepRunningOptions): KeptProcess {
  const stopping = new AbortController();
  let current: ManagedProcess | undefined;
  let failures = 0;

  /** One life of the process; what ended it, in words. */
  async function live(): Promise<{ ending: string; isHopeless: boolean }> {
    try {
      current = await start();
      if (stopping.signal.aborted) current.stop();
      const { code, signal } = await current.exited;
      return { ending: signal ? `was ended by ${signal}` : `ended with code ${code}`, isHopeless: code === EX_CONFIG };
    } catch (error) {
      return {
        ending: `could not be started: ${error instanceof Error ? error.message : String(error)}`,
        isHopeless: false,
      };
    } finally {
      current = undefined;
    }
  }

  async function keep(): Promise<void> {
    while (!stopping.signal.aborted) {
      const began = performance.now();
      const { ending, isHopeless } = await live();
      if (stopping.signal.aborted) return;
      if (isHopeless)
        return onHopeless(new StartError(`The ${name} cannot work with these settings.`, { exitCode: EX_CONFIG }));
      failures = countFailure(failures, performance.now() - began);
      onFailure?.(failures);
      const delay = restartDelay(failures);
      report(`the ${name} ${ending}; starting it again in ${delay / 1000} s`);
      await wait(delay, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const kept = keep();
  return {
    async stop(patienceMs) {
      stopping.abort();
      current?.stop();
      const timer = setTimeout(() => {
        report(`the ${name} did not stop within ${patienceMs / 1000} s and is ended now`);
        current?.kill();
      }, patienceMs);
      await kept;
      clearTimeout(timer);
    },
    kill() {
      stopping.abort();
      current?.kill();
    },
  };
}
