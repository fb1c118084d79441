/**
 * What a server says itself about when to ask again, in milliseconds: `retry-after-ms`, or `retry-after` as seconds or a date.
 * @param headers with their names in any case
 */
export function retryAfterMs(headers: Record<string, unknown>): number | undefined {
  const named = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value).trim()]));
  const milliseconds = named.get('retry-after-ms');
  if (milliseconds !== undefined && /^\d+(\.\d+)?$/.test(milliseconds)) return Number(milliseconds);
  const seconds = named.get('retry-after');
  if (seconds === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(seconds)) return Number(seconds) * 1_000;
  const date = Date.parse(seconds);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
