import type { ASTNode } from '@marcbachmann/cel-js';

/** The nodes directly below a node of an expression's tree. */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}

/** How many nodes a tree has: what evaluating it once costs, the values it meets not counted. */
export function treeSize(node: ASTNode): number {
  return childrenOf(node).reduce((sum, child) => sum + treeSize(child), 1);
}
