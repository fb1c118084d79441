import { initGraphQLTada } from 'gql.tada';
import type { introspection } from '../generated/graphql-env.d.ts';

/** Any JSON value, as the API's JSON scalar carries it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Writes a typed GraphQL document; every one in the app is checked against the API's schema by the compiler. */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { DateTime: string; JSON: Json; JSONObject: JsonObject; BigInt: string | number };
}>();

export type JobStatus = ReturnType<typeof graphql.scalar<'JobStatus'>>;
export type StepStatus = ReturnType<typeof graphql.scalar<'StepStatus'>>;
export type JobAction = ReturnType<typeof graphql.scalar<'JobAction'>>;
export type JobPriority = ReturnType<typeof graphql.scalar<'JobPriority'>>;
export type LogLevel = ReturnType<typeof graphql.scalar<'LogLevel'>>;
export type ErrorCategory = ReturnType<typeof graphql.scalar<'ErrorCategory'>>;
export type JobFilter = ReturnType<typeof graphql.scalar<'JobFilter'>>;
export type JobOrder = ReturnType<typeof graphql.scalar<'JobOrder'>>;

export { type FragmentOf, type ResultOf, readFragment, type VariablesOf } from 'gql.tada';
