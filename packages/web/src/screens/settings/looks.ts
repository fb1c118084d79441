import type { Look } from '../../status/tone.ts';
import type { ApiToken, Delivery } from './documents.ts';

const WARNED_BEFORE = 7 * 24 * 3_600_000;

export type TokenState = 'valid' | 'ending' | 'expired' | 'revoked';

export const TOKEN_LOOKS: Record<TokenState, Look> = {
  valid: { tone: 'completed', icon: 'check', word: 'Valid' },
  ending: { tone: 'cancelled', icon: 'hourglass', word: 'Ends soon' },
  expired: { tone: 'queued', icon: 'clock', word: 'Expired' },
  revoked: { tone: 'queued', icon: 'slash', word: 'Revoked' },
};

export function tokenState(
  { expiresAt, revokedAt }: Pick<ApiToken, 'expiresAt' | 'revokedAt'>,
  now: number,
): TokenState {
  if (revokedAt !== null) return 'revoked';
  const left = expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt) - now;
  if (left <= 0) return 'expired';
  return left < WARNED_BEFORE ? 'ending' : 'valid';
}

export function deliveryLook({ lastError, status }: Pick<Delivery, 'lastError' | 'status'>): Look {
  if (status === 'DELIVERED') return { tone: 'completed', icon: 'check', word: 'Delivered' };
  if (status === 'FAILED') return { tone: 'failed', icon: 'cross', word: 'Given up' };
  return lastError === null
    ? { tone: 'queued', icon: 'clock', word: 'To be sent' }
    : { tone: 'cancelled', icon: 'hourglass', word: 'To be tried again' };
}
