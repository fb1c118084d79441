import { checkInput } from '@signalbox/core/input';
import type { Json } from '@signalbox/core/json';
import { StepFailure, type StepType } from '@signalbox/plugin-sdk';
import { outputText } from './output-text.ts';

const DEEPEST_OUTPUT = 100;

/** What `run` gave back as JSON, checked against the step type's output schema. Throws a PLUGIN failure. */
export function readOutput(stepType: Pick<StepType, 'type' | 'output'>, result: unknown): Json {
  const output: Json = JSON.parse(outputText(result));
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

function isDeeperThan(value: Json, levels: number): boolean {
  if (value === null || typeof value !== 'object') return false;
  return levels === 0 || Object.values(value).some((item) => isDeeperThan(item, levels - 1));
}

function typeName(value: Json): string {
  if (value === null) return 'nothing';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
