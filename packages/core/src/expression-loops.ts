/**
 * The list macros of CEL (all, exists, exists_one, map, filter) with every turn of a loop counted against the budget. The
 * library's own ones have no limit: three of them inside each other keep a process busy for hours.
 */

import type { ASTNode, Environment, OverlayContext, RootContext, TypeDeclaration } from '@marcbachmann/cel-js';
import { TypeError as CelTypeError, EvaluationError } from '@marcbachmann/cel-js';
import { BudgetExceeded, spend } from './expression-budget.ts';
import { treeSize } from './expression-tree.ts';

/** The part of the library's checker and evaluator that a macro is handed. */
export interface Checker {
  check(node: ASTNode, context: Context): TypeDeclaration;
  getType(name: string): TypeDeclaration;
}
export interface Evaluator {
  run(node: ASTNode, context: Context): unknown;
}
export type Context = RootContext | OverlayContext;
export interface MacroCall {
  args: ASTNode[];
  receiver: ASTNode;
}

/** Runs the first or second expression of the loop with the item as its variable. */
type Turn = (item: unknown, expression?: 0 | 1) => unknown;

interface Loop {
  name: string;
  /** How many arguments follow the variable. */
  expressions: 1 | 2;
  /** Which of them is a condition, if one is. */
  condition?: 0;
  gives: 'bool' | 'the last expression' | 'the items';
  run(items: readonly unknown[], turn: Turn): unknown;
}

const LOOPS: readonly Loop[] = [
  { name: 'all', expressions: 1, condition: 0, gives: 'bool', run: (items, turn) => !decides(items, turn, false) },
  { name: 'exists', expressions: 1, condition: 0, gives: 'bool', run: (items, turn) => decides(items, turn, true) },
  {
    name: 'exists_one',
    expressions: 1,
    condition: 0,
    gives: 'bool',
    run: (items, turn) => items.filter((item) => isTrue(turn(item))).length === 1,
  },
  {
    name: 'filter',
    expressions: 1,
    condition: 0,
    gives: 'the items',
    run: (items, turn) => items.filter((item) => isTrue(turn(item))),
  },
  { name: 'map', expressions: 1, gives: 'the last expression', run: (items, turn) => items.map((item) => turn(item)) },
  {
    name: 'map',
    expressions: 2,
    condition: 0,
    gives: 'the last expression',
    run: (items, turn) => items.filter((item) => isTrue(turn(item))).map((item) => turn(item, 1)),
  },
];

/** The names that bind a variable by their first argument. */
export const LOOP_NAMES: readonly string[] = LOOPS.map((loop) => loop.name);

/** Of two macros with one name the one registered last is used, whatever its receiver; `map` is free. */
export function registerLoops(environment: Environment): void {
  for (const loop of LOOPS) {
    const args = Array.from({ length: loop.expressions + 1 }, () => 'ast').join(', ');
    environment.registerFunction(`map.${loop.name}(${args}): dyn`, (call: MacroCall) => expand(loop, call));
  }
}

function expand(loop: Loop, { args, receiver }: MacroCall) {
  const [variable, ...expressions] = args;
  if (variable?.op !== 'id') {
    throw new CelTypeError({
      message: `the first argument of ${loop.name}() is the name of a variable`,
      node: variable,
    });
  }
  const name = variable.args;
  const costs = expressions.map(treeSize);
  let itemType: TypeDeclaration;
  return {
    async: false,
    typeCheck(checker: Checker, _macro: unknown, context: Context): TypeDeclaration {
      itemType = itemTypeOf(checker.check(receiver, context), receiver);
      const inner = context.forkWithVariable(name, itemType);
      const types = expressions.map((expression) => checker.check(expression, inner));
      if (loop.condition !== undefined && !types[loop.condition]?.isDynOrBool()) {
        throw new CelTypeError({
          message: `the condition of ${loop.name}() is not true or false`,
          node: expressions[0],
        });
      }
      if (loop.gives === 'bool') return checker.getType('bool');
      const element = loop.gives === 'the items' ? itemType : types.at(-1);
      return checker.getType(`list<${element?.name ?? 'dyn'}>`);
    },
    evaluate(evaluator: Evaluator, _macro: unknown, context: Context): unknown {
      const items = itemsOf(evaluator.run(receiver, context), loop.name);
      const inner = context.forkWithVariable(name, itemType);
      return loop.run(items, (item, index = 0) => {
        spend(1 + (costs[index] ?? 0));
        const expression = expressions[index];
        return expression && evaluator.run(expression, inner.setIterValue(item, evaluator));
      });
    },
  };
}

function itemTypeOf(type: TypeDeclaration, node: ASTNode): TypeDeclaration {
  if (type.kind === 'dyn') return type;
  const items = type.kind === 'list' ? type.valueType : type.kind === 'map' ? type.keyType : undefined;
  if (items) return items;
  throw new CelTypeError({ message: `${type.name} is neither a list nor a map`, node });
}

function itemsOf(value: unknown, loop: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return [...value.keys()];
  if (value !== null && typeof value === 'object') return Object.keys(value);
  throw new EvaluationError(`${loop}() needs a list or a map`);
}

/** As CEL has it: an item whose condition fails counts only when no other item decides. */
function decides(items: readonly unknown[], turn: Turn, deciding: boolean): boolean {
  let failure: unknown;
  for (const item of items) {
    try {
      if (isTrue(turn(item)) === deciding) return true;
    } catch (error) {
      if (!(error instanceof EvaluationError) || error instanceof BudgetExceeded) throw error;
      failure ??= error;
    }
  }
  if (failure) throw failure;
  return false;
}

function isTrue(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new EvaluationError('a condition is not true or false');
}
