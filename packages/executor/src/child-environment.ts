/** What of the executor's own environment a step's programs may see. The rest could hold secrets. */
const ALLOWED = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'SHELL',
  'TERM',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
]);

export function allowedEnvironment(own: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const entries = Object.entries(own).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (ALLOWED.has(entry[0]) || entry[0].startsWith('LC_')),
  );
  return Object.fromEntries(entries);
}
