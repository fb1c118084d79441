/** The expression language: CEL, with what a workflow author expects of numbers, patterns and outcomes. */

import type { ASTNode } from '@marcbachmann/cel-js';
import { Environment, EvaluationError } from '@marcbachmann/cel-js';
import { shallowCost, spend } from './expression-budget.ts';
import type { Checker, Context, Evaluator, MacroCall } from './expression-loops.ts';
import { registerLoops } from './expression-loops.ts';
import { registerMetering } from './expression-metering.ts';
import { fromExpressionValue } from './expression-values.ts';
import { linearPattern } from './patterns.ts';

/** The variables of every expression; `secrets` has values only while an executor prepares a step. */
export const VARIABLES: readonly string[] = ['input', 'steps', 'job', 'secrets'];
/** The variables of one item, in a step with `forEach` only. */
export const ITEM_VARIABLES: readonly string[] = ['item', 'index'];
/** True when something the step needs has failed; always true. Either lets a step run although a need has failed. */
export const RESCUE_FUNCTIONS: readonly string[] = ['failed', 'always'];
/** What tells how the needs ended. succeeded() alone lets no step run that would be skipped without it. */
export const OUTCOME_FUNCTIONS: readonly string[] = [...RESCUE_FUNCTIONS, 'succeeded'];

let failed = false;

/** Says what failed() answers until it is called again. Evaluations are synchronous. */
export function setOutcome(aNeedFailed: boolean): void {
  failed = aNeedFailed;
}

export const environment = new Environment({
  unlistedVariablesAreDyn: false,
  homogeneousAggregateLiterals: false,
  enableOptionalTypes: true,
  limits: { maxAstNodes: 2_000, maxDepth: 50, maxListElements: 500, maxMapEntries: 500, maxCallArguments: 16 },
});

const synchronous = { async: false };
for (const name of VARIABLES) environment.registerVariable(name, 'map');
for (const name of ITEM_VARIABLES) environment.registerVariable(name, 'dyn');
environment.registerFunction('failed(): bool', () => failed, synchronous);
environment.registerFunction('succeeded(): bool', () => !failed, synchronous);
environment.registerFunction('always(): bool', () => true, synchronous);
// The way into a command's environment for anything that is not a text already.
environment.registerFunction(
  'json(dyn): string',
  (value: unknown) => JSON.stringify(fromExpressionValue(value)),
  synchronous,
);

const ARITHMETIC: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};
for (const [operator, calculate] of Object.entries(ARITHMETIC)) {
  const mixed = (left: number | bigint, right: number | bigint) => calculate(Number(left), Number(right));
  environment.registerOperator(`double ${operator} int: double`, mixed);
  environment.registerOperator(`int ${operator} double: double`, mixed);
}

environment.registerOperator('double == int: bool', (left: number, right: bigint) => left === Number(right));

/** Signs of a text times instructions of a pattern that are worth one unit of the budget. */
const INSTRUCTIONS_PER_UNIT = 100;

registerLoops(environment);
registerMetering(environment);
environment.registerFunction('map.matches(ast): bool', ({ receiver, args }: MacroCall) => ({
  async: false,
  typeCheck(checker: Checker, _macro: unknown, context: Context) {
    for (const node of [receiver, ...args]) checker.check(node, context);
    return checker.getType('bool');
  },
  evaluate(evaluator: Evaluator, _macro: unknown, context: Context) {
    const text = evaluator.run(receiver, context);
    const pattern = evaluator.run(args[0] as ASTNode, context);
    if (typeof text !== 'string' || typeof pattern !== 'string') throw new EvaluationError('matches() is for texts');
    spend(shallowCost(pattern));
    const compiled = linearPattern(pattern);
    spend((text.length * compiled.size) / INSTRUCTIONS_PER_UNIT);
    return compiled.test(text);
  },
}));

const definitions = environment.getDefinitions();
const internal = (name: string): boolean => name.startsWith('_');
/** What can be called, for names that are checked when a workflow is saved. */
export const FUNCTION_NAMES: readonly string[] = [
  ...new Set(definitions.functions.map(({ name }) => name).filter((name) => !internal(name))),
];
/** The names of types, for `type(x) == string`, and `optional`. */
export const CONSTANT_NAMES: readonly string[] = definitions.variables
  .map(({ name }) => name)
  .filter((name) => !VARIABLES.includes(name) && !ITEM_VARIABLES.includes(name) && name !== 'cel' && name !== 'google');
