import { Document, Scalar, visit } from 'yaml';
import type { Json } from '../app/graphql.ts';

// Blanks at either end, and signs that cannot be seen. Everything else says in a block exactly what it is.
const UNCLEAR_IN_A_BLOCK = /^\s|[^\S\n]\n?$|\n\n$|[^\n\t\P{Cc}]|[\u2028\u2029\ufeff]/u;

/**
 * A value as YAML: texts of several lines as a block where that says exactly what they are, in quotes on one line where it
 * does not. Ends without a line break.
 */
export function blockValue(value: Json): string {
  const document = new Document(value);
  visit(document, {
    Scalar(place, node) {
      if (typeof node.value !== 'string' || !node.value.includes('\n')) return;
      node.type = place === 'key' || UNCLEAR_IN_A_BLOCK.test(node.value) ? Scalar.QUOTE_DOUBLE : Scalar.BLOCK_LITERAL;
    },
  });
  return written(document);
}

/** A value as YAML on one line, as it can stand among others between braces. */
export function flowValue(value: Json): string {
  const document = new Document([value]);
  visit(document, {
    Collection(_place, node) {
      node.flow = true;
    },
    Scalar(_place, node) {
      if (typeof node.value === 'string' && node.value.includes('\n')) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return written(document).slice(1, -1);
}

function written(document: Document): string {
  const text = document.toString({
    lineWidth: 0,
    flowCollectionPadding: false,
    // The library folds long texts in quotes, and does not always read back what it folded.
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
  return text.replace(/\n$/, '');
}
