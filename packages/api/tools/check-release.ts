/** Fails when schema.graphql breaks what clients of the last release (released.graphql) rely on. A release copies the one over the other. */
import { readFileSync } from 'node:fs';
import { breakingChanges, undatedDeprecations } from './schema-changes.ts';

const [released, present] = ['../released.graphql', '../schema.graphql'].map((file) =>
  readFileSync(new URL(file, import.meta.url), 'utf8'),
);
const today = new Date().toISOString().slice(0, 10);
const broken = breakingChanges(released ?? '', present ?? '', today);
const undated = undatedDeprecations(present ?? '');

for (const change of broken) console.error(`${change}`);
if (broken.length > 0)
  console.error(
    'Clients of the last release would break. Keep it, add the new thing beside it, and deprecate the old one with a date: @deprecated(reason: "Use x. Removed after 2027-06-01.").',
  );
for (const place of undated)
  console.error(`${place} is deprecated, but its reason has no date, such as "Removed after 2027-06-01."`);
process.exitCode = broken.length + undated.length > 0 ? 1 : 0;
