/**
 * Writes into src/generated, from the API's printed schema, the types that every GraphQL document in src/ is checked against,
 * and the list of all operations with their hashes. Another schema file may be given as the first argument.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { minifyIntrospection, outputIntrospectionFile } from '@gql.tada/internal';
import { buildSchema, introspectionFromSchema } from 'graphql';
import { readAppDocuments } from './documents.ts';
import { operationsOf } from './operations.ts';

const root = path.resolve(import.meta.dirname, '..');
const source = path.resolve(process.argv[2] ?? path.join(root, '../api/schema.graphql'));
const generated = path.join(root, 'src/generated');

const introspection = minifyIntrospection(introspectionFromSchema(buildSchema(readFileSync(source, 'utf8'))));
mkdirSync(generated, { recursive: true });
write('graphql-env.d.ts', outputIntrospectionFile(introspection, { fileType: '.d.ts', shouldPreprocess: true }));

const { hashes, manifest } = operationsOf(readAppDocuments());
write('operations.json', `${JSON.stringify(manifest, undefined, 1)}\n`);
write(
  'operation-hashes.ts',
  `export const OPERATION_HASHES: Record<string, { plain: string; typed: string } | undefined> = ${JSON.stringify(hashes, undefined, 2)};\n`,
);

function write(name: string, text: string): void {
  writeFileSync(path.join(generated, name), text);
}
