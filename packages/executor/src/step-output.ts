import { checkInput } from '@signalbox/core/input';
import type { Json } from '@signalbox/core/json';
import { StepFailure, type StepType } from '@signalbox/plugin-sdk';

/** What stands in a row of the database; larger results are artifacts. */
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;
const DEEPEST_OUTPUT = 100;

/** What `run` gave back as JSON, checked against the step type's output schema. Throws a PLUGIN failure. */
export function readOutput(stepType: StepType, result: unknown): Json {
  const text = serialise(result);
  if (Buffer.byteLength(text) > MAX_OUTPUT_BYTES) {
    throw new StepFailure('The output of the step is larger than 8 MiB. Keep large results as artifacts.', {
      retryable: false,
    });
  }
  const output: Json = JSON.parse(text);
  if (isDeeperThan(output, DEEPEST_OUTPUT)) {
    throw new StepFailure(`The output of the step has more than ${DEEPEST_OUTPUT} levels of nesting.`, {
      retryable: false,
    });
  }
  if (!stepType.output) return output;
  if (output === null || typeof output !== 'object' || Array.isArray(output)) {
    throw new StepFailure(`The step type ${stepType.type} gave back ${typeName(output)} and not an object.`, {
      retryable: false,
    });
  }
  const [issue] = checkInput(stepType.output, output).issues;
  if (!issue) return output;
  const where = issue.path ? ` at ${issue.path}` : '';
  throw new StepFailure(
    `The output does not fit what the step type ${stepType.type} promises${where}: ${issue.message}`,
    { retryable: false },
  );
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

function isDeeperThan(value: Json, levels: number): boolean {
  if (value === null || typeof value !== 'object') return false;
  return levels === 0 || Object.values(value).some((item) => isDeeperThan(item, levels - 1));
}

function typeName(value: Json): string {
  if (value === null) return 'nothing';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
