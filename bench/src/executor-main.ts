/** The executor as `npm run start:executor` runs it, with the step types of the benchmark among the built-in ones. */
import { fileURLToPath } from 'node:url';
import { BUILT_IN_PLUGINS } from '@signalbox/executor/built-in-plugins';

BUILT_IN_PLUGINS.push(fileURLToPath(new URL('noop-plugin.ts', import.meta.url)));
await import('@signalbox/executor/main');
