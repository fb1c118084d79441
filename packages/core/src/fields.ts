import { DURATION_FORM, parseDuration } from './duration.ts';
import type { Path } from './issues.ts';
import type { Json, JsonObject } from './json.ts';
import { didYouMean } from './names.ts';
import type { SourceIssues } from './source-issues.ts';

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the fields of one object of a workflow. Every method gives undefined for what is absent or was complained about. */
export class Fields {
  readonly path: Path;
  readonly #object: JsonObject;
  readonly #issues: SourceIssues;

  constructor(object: JsonObject, path: Path, issues: SourceIssues) {
    this.path = path;
    this.#object = object;
    this.#issues = issues;
  }

  /** Complains about every field that is not known, with a reason of its own about those that belong elsewhere. */
  allowOnly(known: readonly string[], reasons: Readonly<Record<string, string>> = {}): void {
    for (const name of Object.keys(this.#object)) {
      if (known.includes(name)) continue;
      const reason = Object.hasOwn(reasons, name) ? reasons[name] : undefined;
      this.complain(name, reason ?? `Unknown field "${name}".${didYouMean(name, known)}`, 'key');
    }
  }

  /** A field that was left empty counts as absent. */
  get(name: string): Json | undefined {
    return Object.hasOwn(this.#object, name) ? (this.#object[name] ?? undefined) : undefined;
  }

  complain(name: string, message: string, of: 'key' | 'value' = 'value'): void {
    this.#issues.add([...this.path, name], message, of);
  }

  require(name: string, example: string): void {
    if (this.get(name) === undefined)
      this.#issues.add([...this.path, name], `"${name}" is required, such as ${example}.`);
  }

  text(name: string): string | undefined {
    const value = this.get(name);
    if (typeof value === 'string' && value.trim() !== '') return value;
    if (value !== undefined) this.complain(name, `"${name}" must be text.`);
    return undefined;
  }

  flag(name: string): boolean | undefined {
    const value = this.get(name);
    if (typeof value === 'boolean') return value;
    if (value !== undefined) this.complain(name, `"${name}" must be true or false.`);
    return undefined;
  }

  number(name: string, least: number, most: number, whole: boolean): number | undefined {
    const value = this.get(name);
    if (typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value)))
      return value;
    if (value !== undefined) {
      this.complain(name, `"${name}" must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`);
    }
    return undefined;
  }

  /** Milliseconds. */
  duration(name: string): number | undefined {
    const value = this.get(name);
    const milliseconds = typeof value === 'string' ? parseDuration(value) : undefined;
    if (value !== undefined && milliseconds === undefined) this.complain(name, `"${name}" must be ${DURATION_FORM}.`);
    return milliseconds;
  }

  object(name: string): JsonObject | undefined {
    const value = this.get(name);
    if (isObject(value)) return value;
    if (value !== undefined) this.complain(name, `"${name}" must be an object with named fields.`);
    return undefined;
  }

  list(name: string, of: string): Json[] | undefined {
    const value = this.get(name);
    if (Array.isArray(value)) return value;
    if (value !== undefined) this.complain(name, `"${name}" must be a list of ${of}.`);
    return undefined;
  }
}
