import { print } from 'graphql';
import type { JsonObject } from '../../app/graphql.ts';
import { JobPage } from './documents.ts';

const CREATE = `mutation ($input: CreateJobInput!) {
  createJob(input: $input) {
    __typename
    ... on Job { id status }
    ... on InvalidInput { message issues { path message } }
    ... on Error { message code }
  }
}`;

interface Job {
  id: string;
  input: JsonObject;
  subject: string | null;
  labels: readonly string[];
  priority: string;
  workflow: { slug: string };
}

/** What fills this page, to be tried in GraphiQL. */
export function pageAsGraphQL({ id }: Pick<Job, 'id'>): string {
  return `${print(JobPage)}\n\n# variables: ${JSON.stringify({ id })}`;
}

/** A command for a shell that reads the job. */
export function pageAsCurl({ id }: Pick<Job, 'id'>, origin: string): string {
  return curl(origin, { query: print(JobPage), variables: { id } });
}

/** A command for a shell that makes such a job again. */
export function creationAsCurl({ input, subject, labels, priority, workflow }: Job, origin: string): string {
  const job = { workflow: workflow.slug, input, priority, subject: subject ?? undefined, labels };
  return curl(origin, { query: CREATE, variables: { input: job } });
}

function curl(origin: string, body: object): string {
  // A quote within single quotes has to leave them for a moment.
  const quoted = JSON.stringify(body).replaceAll("'", `'\\''`);
  return `curl -s ${origin}/graphql -H 'content-type: application/json' -d '${quoted}'`;
}
