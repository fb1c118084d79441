/** What one job of five steps took, in milliseconds from the moment of asking for it. */
export interface Latency {
  /** Until whoever asked knew that it was finished and stored. */
  finishedMs: number;
  /** Until the code of its first step ran; absent where that says nothing. */
  startedMs?: number;
}

/** A system that runs durable jobs of five steps that do nothing. */
export interface Contender {
  /** Asks for so many jobs, at most `concurrency` of them at once; resolves when all are finished and stored. */
  runJobs(count: number): Promise<void>;
  runOne(): Promise<Latency>;
  /** Stores so many lines of one program's output; resolves to how many milliseconds that took. */
  storeLogLines?(count: number): Promise<number>;
  close(): Promise<void>;
}

export interface ContenderOptions {
  databaseUrl: string;
  /** Jobs at the same time. */
  concurrency: number;
  /** Processes that run jobs, each so many at the same time; one unless told, for those that can have more. */
  executors?: number;
  /** Where Node writes a CPU profile of the process that runs the steps, for those that know how. */
  profileFolder?: string;
}

export type OpenContender = (options: ContenderOptions) => Promise<Contender>;

export const STEPS_PER_JOB = 5;

/** Does `work` so many times, at most `atOnce` of them at the same time. */
export async function repeat(count: number, atOnce: number, work: () => Promise<unknown>): Promise<void> {
  let left = count;
  const lane = async () => {
    for (; left > 0; ) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, atOnce) }, lane));
}
