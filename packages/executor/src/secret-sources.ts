import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { SECRET_NAME_PATTERN } from '@signalbox/core/names';
import type { Settings } from '@signalbox/core/settings';
import type { Database } from '@signalbox/db/client';
import { type LockedSecret, SecretKeys, SecretLockedError } from '@signalbox/db/secret-keys';
import { readLockedSecrets } from '@signalbox/db/secrets';
import { StepFailure } from '@signalbox/plugin-sdk';
import type { Logger } from 'pino';

const MOST_FILE_BYTES = 64 * 1024;

/** Settings that step types ask for like secrets, and whether they are to be hidden: an address is no secret. */
const SETTINGS = new Map<string, { hidden: boolean; read: (settings: Settings) => string | undefined }>([
  ['OPENAI_API_KEY', { hidden: true, read: ({ openaiApiKey }) => openaiApiKey }],
  ['ANTHROPIC_API_KEY', { hidden: true, read: ({ anthropicApiKey }) => anthropicApiKey }],
  ['SIGNALBOX_SMTP_URL', { hidden: true, read: ({ smtpUrl }) => smtpUrl }],
  ['ANTHROPIC_BASE_URL', { hidden: false, read: ({ anthropicBaseUrl }) => anthropicBaseUrl }],
  ['OPENAI_BASE_URL', { hidden: false, read: ({ openaiBaseUrl }) => openaiBaseUrl }],
]);

export interface SecretValue {
  value: string;
  /** Whether it must not be seen in what the step writes. */
  hidden: boolean;
}

/** What the folder and the database held when they were last looked at. */
interface Snapshot {
  readAt: number;
  files: ReadonlyMap<string, string>;
  locked: ReadonlyMap<string, LockedSecret>;
}

/** Where secrets come from, the first that has one: this process's environment, a folder of files, the database. */
export class SecretSources {
  readonly #settings: Settings;
  readonly #db: Database;
  readonly #keys: SecretKeys;
  readonly #logger: Logger;
  readonly #tenants = new Map<string, Snapshot>();
  #files: ReadonlyMap<string, string> = new Map();
  #hasNoFolder = false;

  constructor(settings: Settings, db: Database, logger: Logger) {
    this.#settings = settings;
    this.#db = db;
    this.#logger = logger;
    this.#keys = new SecretKeys(settings.secretsKeys);
  }

  /** Looks at folder and database again when the last look is older than that; nothing to wait for when it is not. */
  refresh(tenantId: string, maxAgeMs: number): Promise<void> | undefined {
    const known = this.#tenants.get(tenantId);
    if (known && performance.now() - known.readAt <= maxAgeMs) return undefined;
    return this.#read(tenantId);
  }

  /** Nothing when nobody has set it. Throws a CONFIGURATION failure when it is there and cannot be opened. */
  find(tenantId: string, name: string): SecretValue | undefined {
    const setting = SETTINGS.get(name);
    const { secrets } = this.#settings;
    const value =
      setting?.read(this.#settings) ??
      (Object.hasOwn(secrets, name) ? secrets[name] : undefined) ??
      this.#tenants.get(tenantId)?.files.get(name) ??
      this.#open(tenantId, name);
    return value === undefined ? undefined : { value, hidden: setting?.hidden ?? true };
  }

  #open(tenantId: string, name: string): string | undefined {
    const locked = this.#tenants.get(tenantId)?.locked.get(name);
    if (!locked) return undefined;
    try {
      return this.#keys.open({ tenantId, name }, locked);
    } catch (error) {
      if (!(error instanceof SecretLockedError)) throw error;
      const message = `${error.message} Give this worker the same SIGNALBOX_SECRETS_KEY as the API, or set the secret anew.`;
      throw new StepFailure(message, { category: 'CONFIGURATION', cause: error });
    }
  }

  async #read(tenantId: string): Promise<void> {
    const readAt = performance.now();
    const [files, locked] = await Promise.all([this.#readFiles(), readLockedSecrets(this.#db, tenantId)]);
    // A look that began later and was quicker knows more.
    if ((this.#tenants.get(tenantId)?.readAt ?? 0) < readAt) this.#tenants.set(tenantId, { readAt, files, locked });
  }

  /** A folder that cannot be read for a while takes nothing from jobs that were given its files before. */
  async #readFiles(): Promise<ReadonlyMap<string, string>> {
    const { secretsDir } = this.#settings;
    if (secretsDir === undefined) return this.#files;
    try {
      this.#files = await readSecretFiles(secretsDir);
      this.#hasNoFolder = false;
    } catch (error) {
      if (!this.#hasNoFolder)
        this.#logger.warn({ err: error }, 'the folder of secrets cannot be read; those that were read last stay');
      this.#hasNoFolder = true;
    }
    return this.#files;
  }
}

/** What is missing, and where it can be set. */
export function missingSecret(name: string): StepFailure {
  const variable = SETTINGS.has(name) ? name : `SIGNALBOX_SECRET_${name}`;
  return new StepFailure(
    `The secret ${name} is not set. Set ${variable} where the executor runs, or store it with the mutation setSecret.`,
    { category: 'CONFIGURATION' },
  );
}

/**
 * One secret for each file whose name can be one, as container platforms mount them; a line break at the end does not count.
 * Throws when the folder cannot be read; a file that vanishes or cannot be read is none.
 */
export async function readSecretFiles(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(folder)).filter((name) => SECRET_NAME_PATTERN.test(name));
  const values = await Promise.all(names.map((name) => readSecretFile(path.join(folder, name)).catch(() => undefined)));
  const secrets = new Map<string, string>();
  for (const [index, name] of names.entries()) {
    const value = values[index];
    if (value) secrets.set(name, value);
  }
  return secrets;
}

async function readSecretFile(file: string): Promise<string | undefined> {
  const { size } = await stat(file);
  if (size > MOST_FILE_BYTES) return undefined;
  return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
}
