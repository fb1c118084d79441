import { StepFailure } from '@signalbox/plugin-sdk';

/** What stands in a row of the database; larger results are artifacts. */
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;

/** What `run` gave back as JSON text. Throws a PLUGIN failure for what JSON cannot carry, and for too much of it. */
export function outputText(result: unknown): string {
  const text = serialise(result);
  if (Buffer.byteLength(text) <= MAX_OUTPUT_BYTES) return text;
  throw new StepFailure('The output of the step is larger than 8 MiB. Keep large results as artifacts.', {
    retryable: false,
  });
}

function serialise(result: unknown): string {
  try {
    // Functions and symbols have no JSON at all, not even an error.
    return JSON.stringify(result) ?? 'null';
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new StepFailure(`The output of the step is nothing that JSON can carry: ${reason}`, {
      retryable: false,
      cause: error,
    });
  }
}
