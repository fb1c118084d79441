/** How much is measured: the more, the steadier the figures. */
export interface Scale {
  jobs: number;
  warmUpJobs: number;
  rounds: number;
  /** Jobs on the database whose flushes are slow. */
  slowFlushJobs: number;
  /** Jobs that run one at a time. */
  idleJobs: number;
  /** Jobs whose statements are counted. */
  countedJobs: number;
  lines: number;
}

/** What the goals are meant for; some four minutes on two free cores. */
export const FULL: Scale = {
  jobs: 1_000,
  warmUpJobs: 100,
  rounds: 3,
  slowFlushJobs: 300,
  idleJobs: 100,
  countedJobs: 200,
  lines: 200_000,
};

/** For a look while working on something, or on a machine that is busy with other things. */
export const QUICK: Scale = {
  jobs: 200,
  warmUpJobs: 20,
  rounds: 3,
  slowFlushJobs: 50,
  idleJobs: 50,
  countedJobs: 100,
  lines: 40_000,
};

/** One line for people. */
export function describeScale({ idleJobs, jobs, lines, rounds }: Scale): string {
  return `${rounds} rounds of ${jobs.toLocaleString('en-US')} jobs, ${idleJobs} jobs one at a time, ${lines.toLocaleString('en-US')} lines`;
}
