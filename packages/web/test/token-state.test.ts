import { expect, test } from 'vitest';
import { endOf } from '../src/screens/settings/expiry.ts';
import { deliveryLook, tokenState } from '../src/screens/settings/looks.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const DAY = 24 * 3_600_000;
const ending = (inDays: number | null, revokedAt: string | null = null) =>
  tokenState({ expiresAt: inDays === null ? null : new Date(NOW + inDays * DAY).toISOString(), revokedAt }, NOW);

test('a token counts until it ends, and says so a week before', () => {
  expect(ending(null)).toBe('valid');
  expect(ending(8)).toBe('valid');
  expect(ending(6)).toBe('ending');
  expect(ending(0)).toBe('expired');
});

test('a revoked token is revoked, also where it would have ended since', () => {
  expect(ending(-1, '2026-11-01T00:00:00Z')).toBe('revoked');
});

test('a token ends after so many days, at the time that was told, or never; while none is told, nowhere', () => {
  expect(endOf('30', '', NOW)).toBe(NOW + 30 * DAY);
  expect(endOf('at', '2027-01-01T00:00:00Z', NOW)).toBe(Date.parse('2027-01-01T00:00:00Z'));
  expect(endOf('at', '', NOW)).toBeUndefined();
  expect(endOf('never', '2027-01-01T00:00:00Z', NOW)).toBeNull();
});

test('a message that failed once is not yet given up', () => {
  expect(deliveryLook({ status: 'PENDING', lastError: null }).word).toBe('To be sent');
  expect(deliveryLook({ status: 'PENDING', lastError: '503' }).word).toBe('To be tried again');
  expect(deliveryLook({ status: 'FAILED', lastError: '503' }).word).toBe('Given up');
  expect(deliveryLook({ status: 'DELIVERED', lastError: '503' }).word).toBe('Delivered');
});
