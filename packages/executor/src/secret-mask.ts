import type { Json } from '@signalbox/core/json';

const MASK = '***';
/** Shorter values would mask half of every text; they are kept out of stored configurations by other means. */
const SHORTEST_MASKED = 4;
const SHORTEST_ENCODED = 6;

/** Replaces secrets in what a step writes, also where they stand inside Base64, a URL or JSON, or line by line. */
export class SecretMask {
  readonly #hidden = new Set<string>();
  /** Longest first, so that a secret within another does not tear it open. */
  #forms: string[] = [];

  /** From now on this value shows as `***`. */
  hide(value: string): void {
    if (this.#hidden.has(value)) return;
    this.#hidden.add(value);
    this.#forms = [...new Set([...this.#forms, ...formsOf(value)])].toSorted((a, b) => b.length - a.length);
  }

  text(text: string): string {
    let masked = text;
    for (const form of this.#forms) if (masked.includes(form)) masked = masked.replaceAll(form, MASK);
    return masked;
  }

  json(value: Json): Json {
    if (this.#forms.length === 0) return value;
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.json(item));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [this.text(key), this.json(member)]));
  }
}

function formsOf(value: string): string[] {
  const plain = [value, ...value.split(/\r?\n/).map((line) => line.trim())];
  const escaped = plain.flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text.toWellFormed()),
  ]);
  return [
    ...escaped.filter((form) => form.length >= SHORTEST_MASKED),
    ...base64Forms(value).filter((form) => form.length >= SHORTEST_ENCODED),
  ];
}

/** What stays the same of a value's Base64, wherever in the encoded bytes it begins. */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const from = Math.ceil((offset * 8) / 6);
    const core = encoded.slice(from, Math.floor(((offset + bytes.length) * 8) / 6));
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
