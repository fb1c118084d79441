/**
 * Vitest's setup of the projects that have properties: each run tries the same cases, so that it judges the change and not its
 * luck. PROPERTY_SEED=random tries others, and PROPERTY_SEED=N repeats those of a run that has named its seed N.
 */
import { configureGlobal } from 'fast-check';

const given = process.env.PROPERTY_SEED ?? '1';
if (given !== 'random') {
  const seed = Number(given);
  if (!Number.isSafeInteger(seed)) throw new Error(`PROPERTY_SEED: "${given}" is neither a whole number nor "random"`);
  configureGlobal({ seed });
}
