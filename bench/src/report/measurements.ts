import type { Latency } from '../contenders/contender.ts';
import type { ContenderName } from '../contenders/contender-process.ts';
import type { ExecutorProfile } from '../executor-profile.ts';
import type { StatementsPerJob } from '../statements.ts';
import type { ThroughputRun } from '../throughput.ts';

/** Everything that one run of the benchmark has found. */
export interface Measurements {
  machine: [name: string, value: string][];
  at10: ThroughputRun[];
  at50: ThroughputRun[];
  /** At concurrency 10, with flushes as slow as those of an ordinary disk. */
  slowFlush: ThroughputRun[];
  /** Steps per second by the number of executors, ten jobs at a time each. */
  scaleOut: Map<number, number[]>;
  latencies: Map<ContenderName, Latency[]>;
  /** Lines per second. */
  logIngest: Map<ContenderName, number[]>;
  statements: StatementsPerJob[];
  profile: ExecutorProfile;
}
