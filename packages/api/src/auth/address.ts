import type { IncomingMessage } from 'node:http';

/**
 * Where a request comes from. What stands in X-Forwarded-For is believed as far as our own proxies wrote it: each adds one
 * address at the end.
 */
export function addressOf({ headers, socket }: IncomingMessage, trustedProxies: number): string {
  const told = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  const direct = socket.remoteAddress ?? 'unknown';
  if (trustedProxies === 0) return direct;
  return told.at(-Math.min(trustedProxies, told.length)) ?? direct;
}
