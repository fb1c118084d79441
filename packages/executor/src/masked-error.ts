import type { SecretMask } from './secret-mask.ts';

const MOST_CAUSES = 5;

/** What was thrown as the service log may show it: masked, and without fields of its own, which could hold anything. */
export function maskedError(error: unknown, mask: SecretMask, causes = 0): unknown {
  if (!mask.active) return error;
  if (!(error instanceof Error)) return new Error(mask.text(String(error)));
  const cause =
    error.cause === undefined || causes >= MOST_CAUSES ? undefined : maskedError(error.cause, mask, causes + 1);
  const masked = new Error(mask.text(error.message), cause === undefined ? undefined : { cause });
  masked.name = mask.text(error.name);
  masked.stack = mask.text(error.stack ?? '');
  return masked;
}
