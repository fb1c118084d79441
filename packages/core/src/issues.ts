/** More would not help anybody, and a hostile source could have a million. */
const MOST_ISSUES = 100;

/** One thing wrong with what was sent. */
export interface Issue {
  /** JSON pointer into what was sent; empty for the whole. */
  path: string;
  message: string;
  /** From 1; set when the source is text. */
  line?: number;
  column?: number;
}

export type Path = readonly (string | number)[];

/** The JSON pointer (RFC 6901) of a path; empty for the whole. */
export function jsonPointer(path: Path): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The parts of a JSON pointer. */
export function pointerPath(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export interface Position {
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
}

/** Collects what is wrong with one source, and gives it back in the order of the text. */
export class IssueList {
  readonly #issues: Issue[] = [];

  /** True when no more is taken: what is costly to find need not be looked for. */
  get full(): boolean {
    return this.#issues.length >= MOST_ISSUES;
  }

  get empty(): boolean {
    return this.#issues.length === 0;
  }

  add(path: Path | string, message: string, position?: Position): void {
    if (this.full) return;
    const pointer = typeof path === 'string' ? path : jsonPointer(path);
    this.#issues.push(position ? { path: pointer, message, ...position } : { path: pointer, message });
  }

  inTextOrder(): Issue[] {
    return this.#issues.toSorted(
      (one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0),
    );
  }
}
