/** Expressions, compiled once and evaluated against the values of a job. */

import type { ParseResult } from '@marcbachmann/cel-js';
import { TypeError as CelTypeError, EvaluationError, ParseError } from '@marcbachmann/cel-js';
import { refillBudget } from './expression-budget.ts';
import { environment, ITEM_VARIABLES, RESCUE_FUNCTIONS, setOutcome } from './expression-environment.ts';
import { meterOperands } from './expression-metering.ts';
import type { References } from './expression-references.ts';
import { findReferences } from './expression-references.ts';

export const EXPRESSION_MAX_LENGTH = 10_000;

/** Something wrong with an expression, and the offset in its source. */
export interface Problem {
  message: string;
  at: number;
}

/** The variables as expression values. */
export interface Variables {
  input: unknown;
  steps: unknown;
  job: unknown;
  secrets: unknown;
  item: unknown;
  index: unknown;
}

export interface Expression {
  /** Absent when the source cannot even be parsed. */
  references?: References;
  /** A mistake of syntax or types; such an expression cannot be evaluated. */
  problem?: Problem;
  /** What the result is known to be, such as bool; `dyn` when that depends on the values. */
  type: string;
  /** True when it deals with failed needs itself, by failed() or always(). */
  asksForOutcome: boolean;
  /** True when it speaks of the item of a `forEach` step. */
  asksForItem: boolean;
  /** Throws EvaluationError (or whatever a function of the language throws) when the values do not fit. */
  evaluate(variables: Variables, aNeedFailed: boolean): unknown;
}

const LONGEST_KEPT = 200;
const MOST_KEPT = 1_000;
const kept = new Map<string, Expression>();

export function compileExpression(source: string): Expression {
  const known = kept.get(source);
  if (known) return known;
  const expression = compile(source);
  if (source.length <= LONGEST_KEPT) {
    const [oldest] = kept.keys();
    if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    kept.set(source, expression);
  }
  return expression;
}

function compile(source: string): Expression {
  if (source.trim() === '') return broken({ message: 'The expression is empty.', at: 0 });
  if (source.length > EXPRESSION_MAX_LENGTH) {
    return broken({ message: `The expression is longer than ${EXPRESSION_MAX_LENGTH} signs.`, at: 0 });
  }
  const parsed = parse(source);
  if ('message' in parsed) return broken(parsed);
  const references = findReferences(parsed.ast);
  meterOperands(environment, parsed.ast);
  const { valid, type = 'dyn', error } = parsed.check();
  const asksForOutcome = references.calls.some(({ name }) => RESCUE_FUNCTIONS.includes(name));
  const asksForItem = references.chains.some(({ root }) => ITEM_VARIABLES.includes(root.name));
  if (!valid) return { ...broken(asProblem(error)), references, asksForOutcome, asksForItem };
  return {
    references,
    type,
    asksForOutcome,
    asksForItem,
    evaluate(variables, aNeedFailed) {
      refillBudget();
      setOutcome(aNeedFailed);
      return parsed(variables);
    },
  };
}

function parse(source: string): ParseResult | Problem {
  try {
    return environment.parse(source);
  } catch (error) {
    return asProblem(error);
  }
}

function broken(problem: Problem): Expression {
  return {
    problem,
    type: 'dyn',
    asksForOutcome: false,
    asksForItem: false,
    evaluate() {
      throw new EvaluationError(problem.message);
    },
  };
}

function asProblem(error: unknown): Problem {
  if (!(error instanceof ParseError || error instanceof CelTypeError)) throw error;
  return { message: `The expression is wrong: ${inWords(error.summary)}.`, at: error.range?.start ?? 0 };
}

const TOKENS: Readonly<Record<string, string>> = {
  EOF: 'the end of the expression',
  IDENTIFIER: 'a name',
  NUMBER: 'a number',
  STRING: 'a text',
  LPAREN: '(',
  RPAREN: ')',
  LBRACKET: '[',
  RBRACKET: ']',
  LBRACE: '{',
  RBRACE: '}',
  DOT: '.',
  COMMA: ',',
  COLON: ':',
  QUESTION: '?',
};

/** The library's message with its token names in plain words. */
function inWords(summary: string): string {
  return summary.replace(/\b[A-Z]{3,}\b/g, (token) => TOKENS[token] ?? token);
}
