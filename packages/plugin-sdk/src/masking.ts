const MASK = '***';

export interface Masking {
  /** From now on this value shows as `***`. */
  hide(value: string): void;
  text(text: string): string;
  /** The value as it comes back from JSON, its texts masked. Throws a TypeError for what JSON cannot carry. */
  json(value: unknown): unknown;
}

/** Hides secrets in what a step writes. */
export function masking(): Masking {
  const hidden = new Set<string>();
  const text = (given: string) => {
    let masked = given;
    for (const value of hidden) masked = masked.replaceAll(value, MASK);
    return masked;
  };
  return {
    hide(value) {
      if (value !== '') hidden.add(value);
    },
    text,
    json(value) {
      const source = JSON.stringify(value ?? null);
      if (source === undefined) throw new TypeError(`A ${typeof value} is nothing that JSON can carry.`);
      return JSON.parse(source, (_key, part: unknown) => (typeof part === 'string' ? text(part) : part));
    },
  };
}
