/** What an expression refers to: variables with the names behind them, and functions. */
import type { ASTNode } from '@marcbachmann/cel-js';
import { LOOP_NAMES } from './expression-loops.ts';
import { childrenOf } from './expression-tree.ts';

/** A name and its offset in the expression. */
export interface Name {
  name: string;
  at: number;
}

export interface Chain {
  /** The variable, such as steps. */
  root: Name;
  /** The names that follow, `build` and `output` in steps.build["output"], up to the first one that is computed. */
  names: Name[];
}

export interface References {
  chains: Chain[];
  calls: Name[];
}

/** Variables of loops are left out, and hide what has the same name outside. */
export function findReferences(root: ASTNode): References {
  const found: References = { chains: [], calls: [] };
  collect(root, [], found);
  return found;
}

function collect(node: ASTNode, locals: readonly string[], found: References): void {
  if (node.op === 'id' || isAccess(node)) {
    collectChain(node, locals, found);
    return;
  }
  if (node.op === 'call') found.calls.push({ name: node.args[0], at: node.start });
  if (node.op === 'rcall') {
    const [name, receiver, args] = node.args;
    found.calls.push({ name, at: receiver.end });
    const variable = args[0];
    if (LOOP_NAMES.includes(name) && variable?.op === 'id') {
      collect(receiver, locals, found);
      for (const body of args.slice(1)) collect(body, [...locals, variable.args], found);
      return;
    }
  }
  for (const child of childrenOf(node)) collect(child, locals, found);
}

type Access = Extract<ASTNode, { op: '.' | '.?' | '[]' | '[?]' }>;

function isAccess(node: ASTNode): node is Access {
  return node.op === '.' || node.op === '.?' || node.op === '[]' || node.op === '[?]';
}

function collectChain(node: ASTNode, locals: readonly string[], found: References): void {
  let names: Name[] = [];
  let base = node;
  while (isAccess(base)) {
    const [left, key] = base.args;
    if (typeof key === 'string') names.unshift({ name: key, at: base.pos });
    else if (key.op === 'value' && typeof key.args === 'string') names.unshift({ name: key.args, at: key.start });
    else {
      collect(key, locals, found);
      names = [];
    }
    base = left;
  }
  if (base.op !== 'id') collect(base, locals, found);
  else if (!locals.includes(base.args)) found.chains.push({ root: { name: base.args, at: base.start }, names });
}
