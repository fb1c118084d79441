/** A step that is still busy this long after it was told to stop counts as hanging. */
const STOP_WITHIN_MS = 5_000;

/** Thrown into a step where it was asked to stop. */
export class StepStopped extends Error {
  override readonly name = 'StepStopped';

  constructor(reason: unknown) {
    super(`The step was stopped: ${String(reason)}.`);
  }
}

/** @throws StepStopped when the signal is aborted. */
export function refuseWhenStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new StepStopped(signal.reason);
}

/** What `work` gives, or a rejection when it goes on for more than 5 s after the signal was aborted. */
export async function unlessHanging<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: hanging, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const watch = () => {
    const message = `The step did not end within ${STOP_WITHIN_MS / 1_000} s of being told to stop. Heed ctx.signal.`;
    timer = setTimeout(() => reject(new Error(message)), STOP_WITHIN_MS);
  };
  if (signal.aborted) watch();
  else signal.addEventListener('abort', watch, { once: true });
  try {
    return await Promise.race([work, hanging]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', watch);
  }
}
