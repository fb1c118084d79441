/** Locks secrets for the database and opens them again. The keys come from outside and never go into it. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Whose secret it is. What was locked for one owner or name opens for no other: a row cannot be passed off as another. */
export interface SecretOwner {
  tenantId: string;
  name: string;
}

export interface LockedSecret {
  keyId: string;
  /** Nonce, locked text, tag. */
  locked: Uint8Array;
}

/** What was locked cannot be opened: its key is not there, or it was tampered with. */
export class SecretLockedError extends Error {
  override name = 'SecretLockedError';
}

/** The keys of one process: the first locks, all of them open, so that a new one can be put in front of an old one. */
export class SecretKeys {
  readonly #keys: ReadonlyMap<string, Buffer>;

  /** @param keys 32 bytes in Base64 each */
  constructor(keys: readonly string[]) {
    this.#keys = new Map(keys.map((text) => Buffer.from(text, 'base64')).map((key) => [idOf(key), key]));
  }

  /** The id of the key that locks; nothing when there is none. */
  get currentId(): string | undefined {
    return this.#keys.keys().next().value;
  }

  lock(owner: SecretOwner, value: string): LockedSecret {
    const keyId = this.currentId;
    const key = keyId === undefined ? undefined : this.#keys.get(keyId);
    if (keyId === undefined || !key) throw new SecretLockedError('There is no key to lock secrets with.');
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key, nonce).setAAD(named(owner));
    return { keyId, locked: Buffer.concat([nonce, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]) };
  }

  /** Throws SecretLockedError. */
  open(owner: SecretOwner, { keyId, locked }: LockedSecret): string {
    const key = this.#keys.get(keyId);
    if (!key)
      throw new SecretLockedError(`The secret ${owner.name} was locked with the key ${keyId}, which is not here.`);
    const decipher = createDecipheriv(CIPHER, key, locked.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(named(owner))
      .setAuthTag(locked.subarray(-TAG_BYTES));
    try {
      const opened = decipher.update(locked.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([opened, decipher.final()]).toString('utf8');
    } catch {
      throw new SecretLockedError(`The secret ${owner.name} does not open with the key ${keyId}: its row was changed.`);
    }
  }
}

function idOf(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}

function named({ name, tenantId }: SecretOwner): Buffer {
  return Buffer.from(`${tenantId}/${name}`);
}
