/** What expressions can see of a job. */

import type { Variables } from './expression.ts';
import type { References } from './expression-references.ts';
import { toExpressionValue } from './expression-values.ts';
import type { Json, JsonObject } from './json.ts';
import type { ErrorCategory, StepStatus } from './statuses.ts';

export interface ScopeStep {
  status: StepStatus;
  /** Null until it completed. */
  output: Json;
  error: { message: string; category: ErrorCategory } | null;
}

export interface Scope {
  input: JsonObject;
  /** Every step of the job by its key. */
  steps: Record<string, ScopeStep>;
  job: { id: string; workflow: string; version: number; subject: string | null; labels: string[] };
  /** The item that a step with `forEach` runs for, and its place in the list. */
  item?: Json;
  index?: number;
  /** What failed() answers: whether something that the step needs has failed. False unless told. */
  failed?: boolean;
  /** By name. Present only where an executor prepares a step. */
  secrets?: Readonly<Record<string, string>>;
}

/** Turns the parts of a scope into expression values when they are first asked for, and once. */
export class ScopeValues implements Variables {
  readonly scope: Scope;
  readonly steps: Map<string, unknown>;
  readonly item: unknown;
  readonly index: unknown;
  readonly #shared: ScopeValues | undefined;
  #input: unknown;
  #job: unknown;
  #secrets: unknown;

  /** @param shared values of the same job, which are not turned again */
  constructor(scope: Scope, shared?: ScopeValues) {
    this.scope = scope;
    this.#shared = shared;
    this.steps = shared?.steps ?? new Map<string, unknown>();
    this.item = scope.item === undefined ? undefined : toExpressionValue(scope.item);
    this.index = scope.index === undefined ? undefined : BigInt(scope.index);
  }

  /** The same values for one item. */
  ofItem(item: Json, index: number): ScopeValues {
    return new ScopeValues({ ...this.scope, item, index }, this);
  }

  get input(): unknown {
    if (this.#shared) return this.#shared.input;
    this.#input ??= toExpressionValue(this.scope.input);
    return this.#input;
  }

  get job(): unknown {
    if (this.#shared) return this.#shared.job;
    this.#job ??= toExpressionValue(this.scope.job);
    return this.#job;
  }

  get secrets(): unknown {
    this.#secrets ??= new Map(Object.entries(this.scope.secrets ?? {}));
    return this.#secrets;
  }

  /** Makes the steps that an expression refers to ready; a job may have thousands of others. */
  prepare(references: References): void {
    for (const { root, names } of references.chains) {
      const key = names[0]?.name;
      if (root.name !== 'steps' || key === undefined || this.steps.has(key)) continue;
      const step = stepOf(this.scope, key);
      if (!step) continue;
      const { status, output, error } = step;
      this.steps.set(key, toExpressionValue({ status, output, error: error && { ...error } }));
    }
  }
}

export function stepOf(scope: Scope, key: string): ScopeStep | undefined {
  return Object.hasOwn(scope.steps, key) ? scope.steps[key] : undefined;
}
