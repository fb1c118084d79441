/**
 * The texts that callers prove themselves with: `sbx_<type>_`, 256 random bits, and a checksum by which a mistyped or cut one
 * is known without asking the database.
 */
import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Of a program, or of somebody's browser. */
export type CredentialType = 'api' | 'web';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_BYTES = 32;
/** What 256 bits need at most in base 62, and what a CRC-32 does. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const FORM = /^sbx_(api|web)_[0-9A-Za-z]{49}$/;
/** Of the random part: enough to find a token in a list, far too little to guess it. */
const SHOWN_SIGNS = 6;

export function newCredential(type: CredentialType): string {
  const secret = inBase62(BigInt(`0x${randomBytes(SECRET_BYTES).toString('hex')}`), SECRET_LENGTH);
  return `sbx_${type}_${secret}${checksumOf(secret)}`;
}

/** Whether it could be one that we gave out. */
export function isCredential(text: string, type: CredentialType): boolean {
  if (FORM.exec(text)?.[1] !== type) return false;
  const random = text.slice('sbx_api_'.length);
  return checksumOf(random.slice(0, SECRET_LENGTH)) === random.slice(SECRET_LENGTH);
}

/** What is stored of it. As much chance as is in it needs no salt and no slow hash. */
export function hashOf(credential: string): Buffer {
  return createHash('sha256').update(credential).digest();
}

/** How it begins, to be shown in lists. */
export function prefixOf(credential: string): string {
  return credential.slice(0, 'sbx_api_'.length + SHOWN_SIGNS);
}

function checksumOf(secret: string): string {
  return inBase62(BigInt(crc32(secret)), CHECKSUM_LENGTH);
}

function inBase62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n) text = DIGITS.charAt(Number(rest % 62n)) + text;
  return text;
}
