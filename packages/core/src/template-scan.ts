/** Finds the `${{ … }}` expressions in a text. */

export interface TemplateExpression {
  /** What stands between `${{` and `}}`, unchanged. */
  source: string;
  /** Offset of `${{` in the text. */
  start: number;
  /** Offset behind `}}`. */
  end: number;
}

export interface TemplateScan {
  expressions: TemplateExpression[];
  /** Offset of a `${{` that no `}}` closes. */
  unclosedAt?: number;
}

export const EXPRESSION_OPEN = '${{';
const EXPRESSION_CLOSE = '}}';

export function holdsExpression(text: string): boolean {
  return text.includes(EXPRESSION_OPEN);
}

/** Braces and quotes inside an expression do not end it: `${{ {"a": {"b": "}}"}} }}` is one expression. */
export function scanTemplate(text: string): TemplateScan {
  const expressions: TemplateExpression[] = [];
  let start = text.indexOf(EXPRESSION_OPEN);
  while (start >= 0) {
    const close = findClose(text, start + EXPRESSION_OPEN.length);
    if (close === undefined) return { expressions, unclosedAt: start };
    const end = close + EXPRESSION_CLOSE.length;
    expressions.push({ source: text.slice(start + EXPRESSION_OPEN.length, close), start, end });
    start = text.indexOf(EXPRESSION_OPEN, end);
  }
  return { expressions };
}

/** The expression when the text is one expression and nothing else; blanks around it count as something else. */
export function soleExpression(text: string): TemplateExpression | undefined {
  if (!text.startsWith(EXPRESSION_OPEN)) return undefined;
  const [first] = scanTemplate(text).expressions;
  return first?.end === text.length ? first : undefined;
}

function findClose(text: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"' || char === "'") {
      const behind = behindString(text, at);
      if (behind === undefined) return undefined;
      at = behind - 1;
    } else if (char === '{') {
      depth += 1;
    } else if (char === '}') {
      if (depth > 0) depth -= 1;
      else if (text[at + 1] === '}') return at;
    }
  }
  return undefined;
}

/** The offset behind a CEL string literal, which one or three quotes of either kind enclose. */
function behindString(text: string, at: number): number | undefined {
  const quote = text.charAt(at);
  const delimiter = text.startsWith(quote.repeat(3), at) ? quote.repeat(3) : quote;
  for (let next = at + delimiter.length; next < text.length; next += 1) {
    if (text[next] === '\\') next += 1;
    else if (text.startsWith(delimiter, next)) return next + delimiter.length;
  }
  return undefined;
}
