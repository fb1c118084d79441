/**
 * Writes src/generated/graphql-env.d.ts, the types that every GraphQL document in src/ is checked against,
 * from the API's printed schema. Another schema file may be given as the first argument.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { minifyIntrospection, outputIntrospectionFile } from '@gql.tada/internal';
import { buildSchema, introspectionFromSchema } from 'graphql';

const root = path.resolve(import.meta.dirname, '..');
const source = path.resolve(process.argv[2] ?? path.join(root, '../api/schema.graphql'));
const target = path.join(root, 'src/generated/graphql-env.d.ts');

const introspection = minifyIntrospection(introspectionFromSchema(buildSchema(readFileSync(source, 'utf8'))));
mkdirSync(path.dirname(target), { recursive: true });
writeFileSync(target, outputIntrospectionFile(introspection, { fileType: '.d.ts', shouldPreprocess: true }));
