import type { JsonObject } from '@signalbox/core/json';
import type { ClaimedJob } from '@signalbox/db/executions';
import { SecretMask } from './secret-mask.ts';
import { missingSecret, type SecretSources } from './secret-sources.ts';

/** For step types that ask by name: what was set that long ago is there. Templates tell what they need, and get the newest. */
const UNNAMED_MAX_AGE_MS = 1_000;

/** In JSON text, where quotes are escaped. */
const NAMED = /\bsecrets\s*(?:\.\s*|\[\s*(?:'|\\"))([A-Za-z_]\w*)/g;

export type Warn = (message: string) => void;

/** The secrets of one held job, and the one mask for all that its steps write: what one has asked for may come back in another. */
export class JobSecrets {
  readonly mask = new SecretMask();
  readonly #sources: SecretSources;
  readonly #tenantId: string;
  readonly #namedByJob: ReadonlySet<string>;
  readonly #shown = new Set<string>();
  #begun = false;

  constructor(sources: SecretSources, { definition, tenantId }: Pick<ClaimedJob, 'definition' | 'tenantId'>) {
    this.#sources = sources;
    this.#tenantId = tenantId;
    this.#namedByJob = new Set(definition.steps.flatMap((step) => namesIn(step.with)));
  }

  /** Before attempts start. Nothing to wait for when what is known is new enough. */
  refresh(): Promise<void> | undefined {
    const reading = this.#sources.refresh(this.#tenantId, this.#namedByJob.size > 0 ? 0 : UNNAMED_MAX_AGE_MS);
    return this.#begun || this.#namedByJob.size === 0
      ? reading
      : (reading ?? Promise.resolve()).then(() => this.#begin());
  }

  /** The values that a template names; those that nobody has set are missing. They are hidden from now on. */
  namedIn(template: JsonObject, warn: Warn): Record<string, string> {
    const values: Record<string, string> = Object.create(null);
    for (const name of namesIn(template)) {
      const value = this.#take(name, warn);
      if (value !== undefined) values[name] = value;
    }
    return values;
  }

  /** Throws a CONFIGURATION failure that says where to set it. */
  get(name: string, warn: Warn): string {
    const value = this.#take(name, warn);
    if (value === undefined) throw missingSecret(name);
    return value;
  }

  #take(name: string, warn: Warn): string | undefined {
    const found = this.#sources.find(this.#tenantId, name);
    if (found?.hidden && !this.mask.hide(found.value) && !this.#shown.has(name)) {
      this.#shown.add(name);
      warn(
        `The secret ${name} is too short or too plain to be masked, so what steps write may show it. Give it at least 4 signs, 3 of them different.`,
      );
    }
    const password = found?.hidden ? passwordIn(found.value) : undefined;
    if (password) this.mask.hide(password);
    return found?.value;
  }

  /** Steps that ran at another worker may have left something of theirs behind. */
  #begin(): void {
    this.#begun = true;
    for (const name of this.#namedByJob) {
      try {
        const found = this.#sources.find(this.#tenantId, name);
        if (found?.hidden) this.mask.hide(found.value);
      } catch {
        // The step that names it fails with the reason.
      }
    }
  }
}

function namesIn(template: JsonObject): string[] {
  const text = JSON.stringify(template);
  if (!text.includes('secrets')) return [];
  return [...new Set([...text.matchAll(NAMED)].map(([, name = '']) => name))];
}

/** Of an address that carries one: it is a secret also where it stands alone. */
function passwordIn(value: string): string | undefined {
  const password = URL.parse(value)?.password;
  try {
    return password && decodeURIComponent(password);
  } catch {
    return password;
  }
}
