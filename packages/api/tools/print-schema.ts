/** Writes packages/api/schema.graphql from the code; with --check says whether it is up to date instead, and fails when it is not. */
import { readFileSync, writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from '../src/schema.ts';

const file = new URL('../schema.graphql', import.meta.url);
const text = `${printSchema(lexicographicSortSchema(schema))}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (readFileSync(file, 'utf8') !== text) {
  process.stderr.write('packages/api/schema.graphql is stale. Run: node packages/api/tools/print-schema.ts\n');
  process.exitCode = 1;
}
