/** Checks, before anything runs, that the names in an expression mean something where they stand. */

import type { Problem } from './expression.ts';
import {
  CONSTANT_NAMES,
  FUNCTION_NAMES,
  ITEM_VARIABLES,
  OUTCOME_FUNCTIONS,
  VARIABLES,
} from './expression-environment.ts';
import type { Chain, Name, References } from './expression-references.ts';
import type { ObjectSchema } from './json.ts';
import { didYouMean } from './names.ts';

/** What may be named at one place of a workflow. */
export interface Surroundings {
  /** Says what is wrong with naming this step here, if anything is. */
  stepProblem(key: string): string | undefined;
  input: ObjectSchema;
  /** Secrets belong into what a step is given: conditions and outputs are stored. */
  secrets: boolean;
  /** failed(), succeeded() and always() make sense in conditions only. */
  outcome: boolean;
  /** `item` and `index` exist in steps with `forEach`. */
  item: boolean;
}

const STEP_FIELDS: readonly string[] = ['status', 'output', 'error'];
const JOB_FIELDS: readonly string[] = ['id', 'workflow', 'version', 'subject', 'labels'];

export function checkNames(references: References, surroundings: Surroundings): Problem[] {
  return [
    ...references.chains.flatMap((chain) => checkChain(chain, surroundings) ?? []),
    ...references.calls.flatMap((call) => checkCall(call, surroundings) ?? []),
  ];
}

function checkChain({ root, names }: Chain, surroundings: Surroundings): Problem | undefined {
  const [first, second] = names;
  switch (root.name) {
    case 'steps':
      return checkStep(root, first, second, surroundings);
    case 'job':
      return first && checkField(first, JOB_FIELDS, 'A job');
    case 'input':
      return first && checkInputName(first, surroundings.input);
    case 'secrets':
      if (surroundings.secrets) return undefined;
      return {
        message: 'Secrets can be used in the "with" of a step only, so that they are never stored.',
        at: root.at,
      };
    default:
      return CONSTANT_NAMES.includes(root.name) ? undefined : checkOther(root, surroundings);
  }
}

function checkOther({ name, at }: Name, { item }: Surroundings): Problem | undefined {
  if (ITEM_VARIABLES.includes(name)) {
    if (item) return undefined;
    return { message: `"${name}" exists in the "with" and "if" of a step with "forEach" only.`, at };
  }
  const known = item ? [...VARIABLES, ...ITEM_VARIABLES] : VARIABLES;
  return {
    message: `There is no variable "${name}".${didYouMean(name, known) || ` There are ${known.join(', ')}.`}`,
    at,
  };
}

function checkStep(root: Name, key: Name | undefined, field: Name | undefined, surroundings: Surroundings) {
  if (!key) return { message: 'Name the step that is meant: steps.KEY, or steps["KEY"].', at: root.at };
  const problem = surroundings.stepProblem(key.name);
  if (problem) return { message: problem, at: key.at };
  return field && checkField(field, STEP_FIELDS, 'A step');
}

function checkField({ name, at }: Name, fields: readonly string[], owner: string): Problem | undefined {
  if (fields.includes(name)) return undefined;
  return { message: `${owner} has no "${name}".${didYouMean(name, fields) || ` It has ${fields.join(', ')}.`}`, at };
}

/** Only a schema that closes itself says that a name cannot occur. */
function checkInputName({ name, at }: Name, schema: ObjectSchema): Problem | undefined {
  const { properties, additionalProperties, patternProperties } = schema;
  if (additionalProperties !== false || patternProperties !== undefined) return undefined;
  const known = Object.keys(typeof properties === 'object' && properties !== null ? properties : {});
  if (known.includes(name)) return undefined;
  return { message: `The input has no "${name}".${didYouMean(name, known)}`, at };
}

function checkCall({ name, at }: Name, surroundings: Surroundings): Problem | undefined {
  if (!FUNCTION_NAMES.includes(name)) {
    return { message: `There is no function "${name}".${didYouMean(name, FUNCTION_NAMES)}`, at };
  }
  if (OUTCOME_FUNCTIONS.includes(name) && !surroundings.outcome) {
    return { message: `${name}() can be used in the "if" of a step only.`, at };
  }
  return undefined;
}
