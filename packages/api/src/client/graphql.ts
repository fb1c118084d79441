import { initGraphQLTada } from 'gql.tada';
import type { DocumentNode } from 'graphql';
import type { introspection } from './generated/graphql-env.d.ts';

/** Any JSON value, as the JSON scalar carries it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/**
 * Makes a document of a GraphQL text. The compiler checks it against the schema of this version, and knows its variables and
 * its result; nothing has to be generated.
 */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: {
    DateTime: string;
    JSON: Json;
    JSONObject: JsonObject;
    /** A number up to 2^53 - 1 either way, digits beyond. */
    BigInt: string | number;
    SecretText: string;
  };
}>();

export type JobStatus = ReturnType<typeof graphql.scalar<'JobStatus'>>;
export type StepStatus = ReturnType<typeof graphql.scalar<'StepStatus'>>;
export type JobPriority = ReturnType<typeof graphql.scalar<'JobPriority'>>;
export type JobAction = ReturnType<typeof graphql.scalar<'JobAction'>>;
export type LogLevel = ReturnType<typeof graphql.scalar<'LogLevel'>>;
export type JobFilter = ReturnType<typeof graphql.scalar<'JobFilter'>>;
export type CreateJobInput = ReturnType<typeof graphql.scalar<'CreateJobInput'>>;

/** A document that knows the types of its result and of its variables, made by `graphql` or by another typed-document tool. */
export type TypedDocument<Result, Variables> = DocumentNode & { __apiType?: (variables: Variables) => Result };

export { type FragmentOf, type ResultOf, readFragment, type VariablesOf } from 'gql.tada';
