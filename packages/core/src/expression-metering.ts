/** Makes operations that walk through whole texts and lists pay for their length. */
import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { shallowCost, spend, spendOnAll } from './expression-budget.ts';
import type { Checker, Context, Evaluator, MacroCall } from './expression-loops.ts';
import { LOOP_NAMES } from './expression-loops.ts';
import { childrenOf } from './expression-tree.ts';

/** Not names that a person can mean: names are checked before expressions are metered. */
const PAY = '_pay';
const PAY_FOR_ALL = '_payForAll';

const COMPARING: readonly string[] = ['==', '!=', 'in'];
const READING: readonly string[] = ['+', '<', '<=', '>', '>='];
/** They look at their arguments as expressions, not as values. */
const MACROS: readonly string[] = [...LOOP_NAMES, 'has', 'or', 'orValue', 'matches'];

export function registerMetering(environment: Environment): void {
  environment.registerFunction(
    `${PAY}(ast): dyn`,
    meter((value) => spend(shallowCost(value))),
  );
  environment.registerFunction(`${PAY_FOR_ALL}(ast): dyn`, meter(spendOnAll));
}

/** Changes the tree in place, before it is checked. Comparing with a literal ends early and stays free. */
export function meterOperands(environment: Environment, root: ASTNode): void {
  const wrap = (name: string, node: ASTNode): ASTNode => {
    if (node.op === 'value') return node;
    const { ast } = environment.parse(`${name}(0)`);
    if (ast.op === 'call') ast.args[1][0] = node;
    return ast;
  };
  const visit = (node: ASTNode): void => {
    childrenOf(node).forEach(visit);
    if (isBinary(node)) {
      const [left, right] = node.args;
      const walksThroughBoth = COMPARING.includes(node.op) && left.op !== 'value' && right.op !== 'value';
      const price = walksThroughBoth ? PAY_FOR_ALL : PAY;
      node.args[0] = wrap(price, left);
      node.args[1] = wrap(price, right);
    } else if (node.op === 'rcall' && !MACROS.includes(node.args[0])) {
      node.args[1] = wrap(PAY, node.args[1]);
      node.args[2].forEach((argument, index, all) => {
        all[index] = wrap(PAY, argument);
      });
    } else if (node.op === 'call' && !MACROS.includes(node.args[0])) {
      node.args[1].forEach((argument, index, all) => {
        all[index] = wrap(PAY, argument);
      });
    }
  };
  visit(root);
}

type Binary = Extract<ASTNode, { op: '==' | '!=' | 'in' | '+' | '<' | '<=' | '>' | '>=' }>;

function isBinary(node: ASTNode): node is Binary {
  return COMPARING.includes(node.op) || READING.includes(node.op);
}

/** Passes its argument on, type and value, and takes the price on the way. */
function meter(pay: (value: unknown) => void) {
  return ({ args }: MacroCall) => {
    const argument = (): ASTNode => args[0] as ASTNode;
    return {
      async: false,
      typeCheck: (checker: Checker, _macro: unknown, context: Context) => checker.check(argument(), context),
      evaluate: (evaluator: Evaluator, _macro: unknown, context: Context) => {
        const value = evaluator.run(argument(), context);
        pay(value);
        return value;
      },
    };
  };
}
