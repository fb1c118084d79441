import type { Text } from '@codemirror/state';
import type { SyntaxNode, Tree } from '@lezer/common';

/**
 * Where a value stands in a JSON text. For one that is not there it is the name of what it is missing from, or else the
 * opening bracket: a mark of one sign, not the whole object.
 */
export function placeOf(tree: Tree, text: Text, path: readonly (string | number)[]): { from: number; to: number } {
  let node = tree.topNode.firstChild;
  let label: SyntaxNode | null = null;
  for (const part of path) {
    const next: SyntaxNode | undefined = node ? childAt(node, text, part) : undefined;
    if (!next) break;
    label = next.name === 'Property' ? next.firstChild : null;
    node = next.name === 'Property' ? next.lastChild : next;
  }
  if (!node) return { from: 0, to: Math.min(1, text.length) };
  const isHolder = node.name === 'Object' || node.name === 'Array';
  if (!isHolder) return { from: node.from, to: node.to };
  return label ? { from: label.from, to: label.to } : { from: node.from, to: node.from + 1 };
}

function childAt(node: SyntaxNode, text: Text, part: string | number): SyntaxNode | undefined {
  if (node.name === 'Object') {
    return node.getChildren('Property').find((property) => nameOf(property, text) === String(part));
  }
  if (node.name !== 'Array') return undefined;
  const items: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (!/^[[\],⚠]$/.test(child.name)) items.push(child);
  }
  return items[Number(part)];
}

function nameOf(property: SyntaxNode, text: Text): string | undefined {
  const name = property.firstChild;
  if (!name) return undefined;
  const written = text.sliceString(name.from, name.to);
  try {
    const value: unknown = JSON.parse(written);
    return String(value);
  } catch {
    return undefined;
  }
}
