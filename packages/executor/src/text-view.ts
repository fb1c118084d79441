/** A text with escapes undone, and where in the original each unit of it stands. */
export interface TextView {
  text: string;
  /** Absent for the original itself. */
  from?: Int32Array;
  to?: Int32Array;
}

/** One kind of escapes. */
interface Escapes {
  /** Without it there are none. */
  sign: string;
  pattern: RegExp;
  /** How often they are looked for within themselves, as when JSON is carried by JSON. */
  deepest: number;
  meaning(match: RegExpExecArray): string;
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v' };
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: '\u00a0' };

const KINDS: readonly Escapes[] = [
  {
    sign: '%',
    pattern: /%([0-9a-f]{2})/gi,
    deepest: 3,
    meaning: ([, hex = '']) => String.fromCharCode(Number.parseInt(hex, 16)),
  },
  {
    // JSON and programming languages, and shells outside of quotes.
    sign: '\\',
    pattern: /\\(?:(u[0-9a-f]{4}|u\{[0-9a-f]{1,6}\}|U[0-9a-f]{8}|x[0-9a-f]{2})|([0-3][0-7]{2})|(.))/gis,
    deepest: 4,
    meaning: ([, hex, octal, sign = '']) => {
      if (hex !== undefined) return ofCode(Number.parseInt(hex.replace(/[^0-9a-f]/gi, ''), 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return NAMED_ESCAPES[sign] ?? sign;
    },
  },
  {
    sign: '&',
    pattern: /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos|nbsp));/gi,
    deepest: 2,
    meaning: ([whole, hex, decimal, name = '']) => {
      if (hex !== undefined) return ofCode(Number.parseInt(hex, 16));
      if (decimal !== undefined) return ofCode(Number.parseInt(decimal, 10));
      return ENTITIES[name.toLowerCase()] ?? whole;
    },
  },
];

/** The text with each kind of escapes undone: as often as they are found within themselves, and within each other once. */
export function* unescapedViews(text: string): Generator<TextView> {
  for (const kind of KINDS) {
    let view = unescapedView({ text }, kind);
    for (let depth = 1; view && depth <= kind.deepest; depth += 1) {
      yield view;
      if (depth === 1) yield* otherwiseUnescaped(view, kind);
      view = depth < kind.deepest ? unescapedView(view, kind) : undefined;
    }
  }
}

function* otherwiseUnescaped(view: TextView, done: Escapes): Generator<TextView> {
  for (const kind of KINDS) {
    const unescaped = kind === done ? undefined : unescapedView(view, kind);
    if (unescaped) yield unescaped;
  }
}

function unescapedView(view: TextView, { meaning, pattern, sign }: Escapes): TextView | undefined {
  const { text } = view;
  if (!text.includes(sign)) return undefined;
  const from = new Int32Array(text.length);
  const to = new Int32Array(text.length);
  const pieces: string[] = [];
  let units = 0;
  let behind = 0;
  const copy = (end: number) => {
    if (end > behind) pieces.push(text.slice(behind, end));
    for (; behind < end; behind += 1, units += 1) {
      from[units] = view.from?.[behind] ?? behind;
      to[units] = view.to?.[behind] ?? behind + 1;
    }
  };
  for (const match of text.matchAll(pattern)) {
    copy(match.index);
    const meant = meaning(match);
    const last = match.index + match[0].length - 1;
    pieces.push(meant);
    for (let unit = 0; unit < meant.length; unit += 1, units += 1) {
      from[units] = view.from?.[match.index] ?? match.index;
      to[units] = view.to?.[last] ?? last + 1;
    }
    behind = last + 1;
  }
  if (behind === 0) return undefined;
  copy(text.length);
  return { text: pieces.join(''), from, to };
}

function ofCode(code: number): string {
  return code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
}
