/** The attempt that something belongs to, and the epoch of the execution that may write it. */
export interface AttemptOwner {
  jobId: string;
  epoch: number;
  stepId: string;
  attempt: number;
}
