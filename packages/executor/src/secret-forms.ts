/** Shorter values stand in too many innocent texts. */
const SHORTEST = 4;
/** Parts of a secret, such as a line of a key, and forms in which letters changed their case. */
const SHORTEST_PART = 8;
const SHORTEST_ENCODED = 5;
const FEWEST_SIGNS = 3;
/** The rarer forms of long values would cost more memory than they are worth. */
const LONGEST_WITH_ALL_FORMS = 2_048;
const INNOCENT = new Set(['true', 'false', 'null', 'none', 'test', 'undefined']);
/** What stands between the bytes of a hex dump. */
const HEX_SEPARATORS = ['', ':', '-', ',', ',0x'];

/** Whether a value can be masked without masking half of every text. */
export function isMaskable(value: string): boolean {
  const text = withoutSpace(value);
  return text.length >= SHORTEST && new Set(text).size >= FEWEST_SIGNS && !INNOCENT.has(text.toLowerCase());
}

/**
 * Every way a value is looked for, without white space. JSON, URL, shell and HTML escapes are not among them: texts are looked
 * at with those undone.
 */
export function formsOf(value: string): string[] {
  const forms = new Set<string>();
  for (const text of [value, ...partsOf(value)]) {
    for (const bytes of [text, jsonEscaped(text)].map((form) => Buffer.from(form)))
      for (const form of base64Forms(bytes)) forms.add(form);
    for (const form of hexForms(text)) forms.add(form);
    // The second is how it looks where its bytes are read one by one, as those of files and of URLs are here.
    for (const form of variants(text))
      for (const read of [form, Buffer.from(form).toString('latin1')]) forms.add(withoutSpace(read));
  }
  return [...forms].filter((form) => form.length >= SHORTEST);
}

/** As texts are compared: wrapped, indented and spaced out they are still the same. */
function withoutSpace(text: string): string {
  return text.replace(/[ \t\r\n]+/g, '');
}

/** The lines of a value that has several, and the texts in one that is JSON. */
function partsOf(value: string): string[] {
  const lines = value.includes('\n') ? value.split(/\r?\n/) : [];
  const parts = [...lines.map((line) => line.trim()), ...textsIn(value)];
  return parts.filter((part) => part.length >= SHORTEST_PART && isMaskable(part));
}

function textsIn(value: string): string[] {
  if (!/^\s*[[{]/.test(value)) return [];
  const texts: string[] = [];
  try {
    JSON.parse(value, (_key, part: unknown) => {
      if (typeof part === 'string') texts.push(part);
      return part;
    });
  } catch {
    return [];
  }
  return texts;
}

function jsonEscaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** What stays the same of Base64, wherever in the encoded bytes the value begins; also with the letters for URLs. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const core = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
    return core.length < SHORTEST_ENCODED ? [] : [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function hexForms(text: string): string[] {
  const bytes = Buffer.from(text);
  const hex = bytes.toString('hex');
  if (bytes.length > LONGEST_WITH_ALL_FORMS) return [hex, hex.toUpperCase()];
  const pairs = hex.match(/../g) ?? [];
  const dumps = HEX_SEPARATORS.map((separator) => pairs.join(separator));
  return [...dumps, ...dumps.map((dump) => dump.toUpperCase().replaceAll('0X', '0x'))];
}

/** In another case, as a field of a form, and with its quotes as SQL, YAML, shells and CSV have them. */
function variants(text: string): string[] {
  if (text.length > LONGEST_WITH_ALL_FORMS) return [text];
  const cases = text.length < SHORTEST_PART ? [] : [text.toLowerCase(), text.toUpperCase()];
  const quoted = ["''", "'\\''", `'"'"'`].map((quote) => text.replaceAll("'", quote));
  return [text, ...cases, ...quoted, text.replaceAll('"', '""'), text.replaceAll(' ', '+')];
}
