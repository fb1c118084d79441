const TAIL_LINES = 15;

/** What is known to go wrong on other people's machines, and what they can do about it. */
const CAUSES = [
  {
    pattern: /ENOSPC|no space left on device|EDQUOT/i,
    advice:
      'the disk is full. Free about 2 GB (packages are kept in node_modules and in the caches under your home folder) and run the command again.',
  },
  {
    pattern:
      /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)\b|ERR_PNPM_META_FETCH_FAIL|error sending request|dns error|tcp connect error/i,
    advice:
      'the package registry cannot be reached. Check the network, or the proxy and registry in your npm settings, and run the command again.',
  },
  {
    pattern: /\b(E401|E403|ERR_PNPM_FETCH_40[13])\b/,
    advice: 'the package registry refused access. Check the registry and its token in your npm settings.',
  },
  {
    pattern: /\b(E404|ETARGET|ERR_PNPM_FETCH_404|ERR_PNPM_NO_MATCHING_VERSION)\b/,
    advice: 'the package registry does not have a package that is needed. Check the registry in your npm settings.',
  },
  {
    pattern: /ERR_PNPM_(OUTDATED_LOCKFILE|FROZEN_LOCKFILE|LOCKFILE)/,
    advice:
      'pnpm-lock.yaml does not fit the package.json files. Run `pnpm install` once and keep the changed lockfile.',
  },
  {
    pattern: /\b(EACCES|EPERM|EROFS)\b|permission denied|read-only file system/i,
    advice:
      'a file or folder cannot be written. Make this folder and the npm cache under your home folder writable for you (files may belong to root after a run with sudo).',
  },
  {
    pattern: /\bENOENT\b.*\bnpx\b|\bspawn npx\b/,
    advice: 'npx was not found. Install Node 20 or newer together with npm.',
  },
];

/**
 * One line with the cause and what to do where it is known; otherwise the end of the output.
 * @param {string} title the step that failed
 * @param {string} output everything it printed
 * @param {string} logFile where the output was kept
 */
export function explainFailure(title, output, logFile) {
  const cause = CAUSES.find(({ pattern }) => pattern.test(output));
  if (cause) return `${title} failed: ${cause.advice} Details: ${logFile}`;
  const tail = output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  return `${tail}\n${title} failed; the lines above are the end of ${logFile}.`;
}

/**
 * What the file system refused to the launcher itself, as advice; undefined for anything else.
 * @param {unknown} error
 */
export function explainSystemError(error) {
  const { code, path: file } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'The disk is full. Free about 2 GB and run the command again.';
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    return `${file ?? 'A file'} cannot be written (${code}). Make this folder writable for you and run the command again.`;
  }
  return undefined;
}
