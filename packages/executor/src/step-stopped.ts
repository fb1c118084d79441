/** What a checkpoint throws into a step that was asked to stop. */
export class StepStopped extends Error {
  override name = 'StepStopped';

  constructor(reason: unknown) {
    super(`The step was stopped: ${String(reason)}.`);
  }
}
