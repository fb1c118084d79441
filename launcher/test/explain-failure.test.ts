import { expect, test } from 'vitest';
import { explainFailure } from '../explain-failure.js';

test.each([
  ['npm error code ENOTFOUND\nnpm error syscall getaddrinfo', 'the package registry cannot be reached'],
  ['npm error code ECONNREFUSED', 'the package registry cannot be reached'],
  ['[ENOSPC] no space left on device, write', 'the disk is full'],
  ['npm error code E401', 'the package registry refused access'],
  ['npm error code E404\nnpm error 404 Not Found', 'the package registry does not have a package'],
  ['[ERR_PNPM_OUTDATED_LOCKFILE] Cannot install with "frozen-lockfile"', 'pnpm-lock.yaml does not fit'],
  ['npm error code EACCES\nnpm error Your cache folder contains root-owned files', 'cannot be written'],
  ['ENOENT spawn npx ENOENT', 'npx was not found. Install Node 20 or newer together with npm.'],
])('%s is explained in one line', (output, cause) => {
  const message = explainFailure('Installing packages', output, '/project/install.log');
  expect(message.split('\n')).toEqual([expect.stringContaining(cause)]);
  expect(message).toMatch(/^Installing packages failed: .* Details: \/project\/install\.log$/);
});

test('a failure of an unknown kind shows the end of the output', () => {
  const output = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`).join('\n');
  const lines = explainFailure('Building the web app', output, '/project/web.log').split('\n');
  expect(lines).toHaveLength(16);
  expect(lines[0]).toBe('line 26');
  expect(lines.at(-1)).toBe('Building the web app failed; the lines above are the end of /project/web.log.');
});
