/** Evaluates the expressions in what a workflow says, with the values of one job. */
import { EvaluationError } from '@marcbachmann/cel-js';
import type { Expression } from './expression.ts';
import { compileExpression } from './expression.ts';
import { fromExpressionValue } from './expression-values.ts';
import type { Json } from './json.ts';
import { shorten } from './names.ts';
import type { Scope } from './scope.ts';
import { ScopeValues, stepOf } from './scope.ts';
import { scanTemplate, soleExpression } from './template-scan.ts';

export type { Scope } from './scope.ts';

/** The longest text that a template may become, in UTF-16 units. */
export const TEXT_MAX_LENGTH = 1024 * 1024;
/** The most text in all the values of one template. */
const ALL_TEXT_MAX_LENGTH = 8 * TEXT_MAX_LENGTH;

/** An expression that cannot be evaluated with these values. The message is for the people who run the workflow. */
export class ExpressionError extends Error {
  override name = 'ExpressionError';
  /** The source of the expression. */
  readonly expression: string;

  constructor(message: string, expression: string, options?: ErrorOptions) {
    super(message, options);
    this.expression = expression;
  }
}

/**
 * The value with every `${{ … }}` in its texts evaluated, at any depth. A text that is one expression becomes the
 * expression's value with its type; in a longer text null becomes nothing, objects and lists become JSON.
 * Throws ExpressionError, also for a text longer than 1 MiB.
 */
export function evaluateTemplate(value: Json, scope: Scope): Json {
  const values = new ScopeValues(scope);
  let signsLeft = ALL_TEXT_MAX_LENGTH;
  const fill = (part: Json): Json => {
    if (typeof part === 'string') {
      const filled = fillText(part, values);
      signsLeft -= textLength(filled);
      if (signsLeft < 0)
        throw new ExpressionError(`The evaluated values hold more than ${ALL_TEXT_MAX_LENGTH} signs.`, part);
      return filled;
    }
    if (Array.isArray(part)) return part.map(fill);
    if (part === null || typeof part !== 'object') return part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, fill(item)]));
  };
  return fill(value);
}

/** Whether a condition holds. Throws ExpressionError, also when the result is neither true nor false. */
export function evaluateCondition(source: string, scope: Scope): boolean {
  return conditionHolds(source, new ScopeValues(scope), scope.failed ?? false);
}

/** As evaluateCondition, for many conditions over the same values. */
export function conditionHolds(source: string, values: ScopeValues, aNeedFailed: boolean): boolean {
  return evaluate(source, values, aNeedFailed, (result) => {
    if (typeof result === 'boolean') return result;
    throw new EvaluationError('a condition is true or false, and this is neither');
  });
}

function fillText(text: string, values: ScopeValues): Json {
  const failed = values.scope.failed ?? false;
  const sole = soleExpression(text);
  if (sole) return bounded(evaluate(sole.source, values, failed, fromExpressionValue), sole.source);
  const { expressions, unclosedAt } = scanTemplate(text);
  if (unclosedAt !== undefined) throw new ExpressionError('A ${{ is not closed by }}.', text.slice(unclosedAt));
  let filled = '';
  let behind = 0;
  for (const { source, start, end } of expressions) {
    filled = bounded(filled + text.slice(behind, start) + evaluate(source, values, failed, asText), source);
    behind = end;
  }
  return filled + text.slice(behind);
}

/** A whole number of any size can be written out, though not be kept as a JSON number. */
function asText(result: unknown): string {
  if (typeof result === 'bigint') return String(result);
  const value = fromExpressionValue(result);
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function bounded<T extends Json>(value: T, source: string): T {
  if (typeof value !== 'string' || value.length <= TEXT_MAX_LENGTH) return value;
  throw new ExpressionError(`With ${quoted(source)} filled in, the text is longer than 1 MiB.`, source);
}

function textLength(value: Json): number {
  if (typeof value === 'string') return value.length;
  if (value === null || typeof value !== 'object') return 1;
  return Object.values(value).reduce<number>((sum, item) => sum + textLength(item), 1);
}

function evaluate<T>(source: string, values: ScopeValues, failed: boolean, convert: (result: unknown) => T): T {
  const expression = compileExpression(source);
  if (expression.references) values.prepare(expression.references);
  try {
    return convert(expression.evaluate(values, failed));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const reason = (error instanceof EvaluationError ? error.summary : error.message).replace(/\.$/, '');
    const isKeyMissing = error instanceof EvaluationError && error.code === 'no_such_key';
    const help = isKeyMissing ? hint(expression, values.scope) : '';
    const message = `${quoted(source)} cannot be evaluated: ${reason}.${help}`;
    throw new ExpressionError(message, source, { cause: error });
  }
}

function quoted(source: string): string {
  return `\${{ ${shorten(source.trim())} }}`;
}

/** What is often behind a key that does not exist. */
function hint(expression: Expression, scope: Scope): string {
  for (const { root, names } of expression.references?.chains ?? []) {
    const name = names[0]?.name ?? '';
    if (root.name === 'steps' && stepOf(scope, name)?.status === 'SKIPPED') {
      return ` The step ${name} was skipped, so its output is null.`;
    }
    if (root.name === 'secrets' && !Object.hasOwn(scope.secrets ?? {}, name)) {
      return ` There is no secret ${name}: set SIGNALBOX_SECRET_${name} where the executor runs, or call setSecret.`;
    }
  }
  return '';
}
