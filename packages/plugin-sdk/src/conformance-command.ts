#!/usr/bin/env node
import { conformance } from './conformance.ts';
/** `npx signalbox-conformance ./my-plugin`: checks a plugin as the executor will, one line a check. */
import { loadExported } from './load-exported.ts';

const [target, ...more] = process.argv.slice(2);
if (target === undefined || target.startsWith('-') || more.length > 0) {
  console.error(
    'Usage: signalbox-conformance PLUGIN\n\nPLUGIN is a file, a folder or the name of an installed package.',
  );
  process.exit(2);
}

const exported = await loadExported(target).catch((error: unknown) => {
  const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
  console.error(`FAILED  the plugin can be loaded\n        ${reason}`);
  process.exit(1);
});
const checks = conformance(exported);
for (const { name, passed, reason } of checks) {
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${name}`);
  if (reason !== undefined) console.log(`        ${reason}`);
}
const failed = checks.filter(({ passed }) => !passed).length;
console.log(failed === 0 ? `All ${checks.length} checks passed.` : `${failed} of ${checks.length} checks failed.`);
process.exit(failed === 0 ? 0 : 1);
