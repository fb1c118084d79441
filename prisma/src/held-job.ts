export interface HeldJob {
  jobId: string;
  epoch: number;
  /** What its programs have used so far; absent while none was seen. */
  usage?: ProgramUsage;
}

/** What all programs of a job, and what they started, have used. */
export interface ProgramUsage {
  /** The most memory they had at once; null when all of it was over before anybody looked. */
  peakMemoryBytes: number | null;
  cpuMs: number;
}
