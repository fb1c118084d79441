/** A text with escapes undone, and where in the original each unit of it stands. */
export interface TextView {
  text: string;
  /** Absent for the original itself. */
  from?: Int32Array;
  to?: Int32Array;
}

/** One kind of escapes: the sign without which there are none, what they look like, and what they stand for. */
interface Escapes {
  sign: string;
  pattern: RegExp;
  meaning(match: RegExpExecArray): string;
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v' };
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: '\u00a0' };

const KINDS: readonly Escapes[] = [
  {
    sign: '%',
    pattern: /%([0-9a-f]{2})/gi,
    meaning: ([, hex = '']) => String.fromCharCode(Number.parseInt(hex, 16)),
  },
  {
    // JSON, programming languages, and what shells do to quote: a\ b, and '\'' between single quotes.
    sign: '\\',
    pattern: /'\\''|\\(?:(u[0-9a-f]{4}|u\{[0-9a-f]{1,6}\}|U[0-9a-f]{8}|x[0-9a-f]{2})|([0-3][0-7]{2})|(.))/gis,
    meaning: ([, hex, octal, sign]) => {
      if (hex !== undefined) return ofCode(Number.parseInt(hex.replace(/[^0-9a-f]/gi, ''), 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return sign === undefined ? "'" : (NAMED_ESCAPES[sign] ?? sign);
    },
  },
  {
    sign: '&',
    pattern: /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos|nbsp));/gi,
    meaning: ([whole, hex, decimal, name = '']) => {
      if (hex !== undefined) return ofCode(Number.parseInt(hex, 16));
      if (decimal !== undefined) return ofCode(Number.parseInt(decimal, 10));
      return ENTITIES[name.toLowerCase()] ?? whole;
    },
  },
];

/** How many views of a text there are at most: two kinds of escapes within each other, and more where it holds fewer kinds. */
const MOST_VIEWS = 12;

/** The text with each kind of escapes undone, and what is still escaped in that again. None when nothing is escaped. */
export function* unescapedViews(text: string): Generator<TextView> {
  const views: TextView[] = [{ text }];
  for (let made = 0; views.length > 0; ) {
    const view = views.shift();
    for (const kind of KINDS) {
      const unescaped = view?.text.includes(kind.sign) ? unescapedView(view, kind) : undefined;
      if (!unescaped) continue;
      yield unescaped;
      made += 1;
      if (made === MOST_VIEWS) return;
      views.push(unescaped);
    }
  }
}

function unescapedView(view: TextView, { meaning, pattern }: Escapes): TextView | undefined {
  const { text } = view;
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
