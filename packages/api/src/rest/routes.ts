/**
 * The REST API, as a table: which GraphQL operation stands behind which address. The router and the OpenAPI document both come
 * from it and from the schema, so that neither can say anything else than GraphQL does.
 */
import { type DocumentNode, parse } from 'graphql';

export interface RestRoute {
  method: 'GET' | 'POST' | 'DELETE';
  /** Below /api/v1; `{name}` is a variable of the document. */
  path: string;
  /** Name of the operation in OpenAPI. */
  operationId: string;
  summary: string;
  /**
   * One operation. Its variables that are not in the path come from the query of a GET, and from the JSON body otherwise.
   * What it selects at the end of `answer` is the answer.
   */
  document: DocumentNode;
  /** Fields from the root to what is answered; null on the way is a 404. */
  answer: readonly string[];
  /** The variable that the whole body is, in the place of an object of all. */
  body?: string;
  /** Something new was made: 201, with its address. */
  makes?: boolean;
  /** The field of the body that the header Idempotency-Key fills. */
  idempotencyKey?: string;
}

const PROBLEM =
  '... on Error { message code ... on InvalidInput { issues { path message line column } } ... on Conflict { allowed } }';
const COST = 'cost { microUsd inputTokens outputTokens complete }';
const ERROR = 'error { message category step { key } }';
const JOB = `id status workflow { slug name } workflowVersion priority subject labels createdAt queuedAt startedAt completedAt
  updatedAt durationMs cancelRequestedAt pauseRequestedAt progress { completedSteps totalSteps percent expectedCompletionAt }
  ${ERROR} ${COST} allowedActions`;
const STEP = `key name type status index needs attemptNumber startedAt completedAt durationMs skippedBecause waitUntil
  error { message category } approval { message form approved comment decidedAt decidedBy } ${COST}`;
const WORKFLOW = 'slug name description version inputSchema steps { key name type needs condition }';
const PAGE = 'totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

function get(path: string, operationId: string, summary: string, answer: string, text: string): RestRoute {
  return { method: 'GET', path, operationId, summary, answer: answer.split('.'), document: parse(text) };
}

/** A mutation of one job by its id, such as cancelJob(id:, force:). */
function move(verb: string, summary: string, more: Record<string, string> = {}, makes = false): RestRoute {
  const variables = Object.entries(more).map(([name, type]) => `, $${name}: ${type}`);
  const args = Object.keys(more).map((name) => `, ${name}: $${name}`);
  const field = `${verb}Job`;
  return {
    method: 'POST',
    path: `/jobs/{id}/${verb}`,
    operationId: field,
    summary,
    document: parse(
      `mutation ($id: ID!${variables.join('')}) { ${field}(id: $id${args.join('')}) { ... on Job { ${JOB} } ${PROBLEM} } }`,
    ),
    answer: [field],
    makes,
  };
}

export const ROUTES: readonly RestRoute[] = [
  {
    method: 'POST',
    path: '/jobs',
    operationId: 'createJob',
    summary: 'Make a job, and queue it',
    document: parse(
      `mutation ($input: CreateJobInput!) { createJob(input: $input) { ... on Job { ${JOB} input } ${PROBLEM} } }`,
    ),
    answer: ['createJob'],
    body: 'input',
    makes: true,
    idempotencyKey: 'idempotencyKey',
  },
  get(
    '/jobs',
    'listJobs',
    'List jobs, the newest first',
    'jobs',
    `query ($first: Int, $after: String, $last: Int, $before: String, $status: [JobStatus!], $workflow: [String!], $schedule: [ID!], $search: String,
        $subject: String, $labels: [String!], $priority: [JobPriority!], $createdAfter: DateTime, $createdBefore: DateTime) {
      jobs(first: $first, after: $after, last: $last, before: $before, filter: { status: $status, workflow: $workflow, schedule: $schedule, search: $search,
        subject: $subject, labels: $labels, priority: $priority, createdAfter: $createdAfter, createdBefore: $createdBefore }) {
        edges { node { ${JOB} } } ${PAGE}
      }
    }`,
  ),
  get(
    '/jobs/{id}',
    'getJob',
    'A job with its input and output',
    'job',
    `query ($id: ID!) { job(id: $id) { ${JOB} input output rootCause { message category step { key } } waitingFor { reason message until } } }`,
  ),
  {
    method: 'DELETE',
    path: '/jobs/{id}',
    operationId: 'deleteJob',
    summary: 'Remove a job that has ended',
    document: parse(`mutation ($id: ID!) { deleteJob(id: $id) { ... on DeletedJob { id } ${PROBLEM} } }`),
    answer: ['deleteJob'],
  },
  move('start', 'Start a job that was made without starting'),
  move('cancel', 'Ask a job to stop', { force: 'Boolean' }),
  move('pause', 'Start no further steps of a job'),
  move('resume', 'Let a paused or failed job go on'),
  move('retry', 'Queue a failed or cancelled job again'),
  move('rerun', 'Make a new job with the same input, or another one', { input: 'JSONObject' }, true),
  move(
    'fork',
    'Make a new job that reuses what ran before a step',
    { fromStep: 'String!', input: 'JSONObject', outputs: 'JSONObject' },
    true,
  ),
  get(
    '/jobs/{id}/steps',
    'listSteps',
    'The steps of a job, in the order of the timeline',
    'job.stepsConnection',
    `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
      job(id: $id) { stepsConnection(first: $first, after: $after, last: $last, before: $before) { edges { node { ${STEP} } } ${PAGE} } }
    }`,
  ),
  get(
    '/jobs/{id}/steps/{key}',
    'getStep',
    'A step with what it was given and gave',
    'job.step',
    `query ($id: ID!, $key: String!) { job(id: $id) { step(key: $key) { ${STEP} input output } } }`,
  ),
  {
    method: 'POST',
    path: '/jobs/{id}/steps/{key}/decision',
    operationId: 'decideApproval',
    summary: 'Approve or reject what a step waits for',
    document: parse(`mutation ($id: ID!, $key: String!, $approve: Boolean!, $comment: String, $form: JSONObject) {
      decideApproval(jobId: $id, stepKey: $key, approve: $approve, comment: $comment, form: $form) { ... on Job { ${JOB} } ${PROBLEM} }
    }`),
    answer: ['decideApproval'],
  },
  get(
    '/jobs/{id}/logs',
    'listLogLines',
    'The log of a job; `last` gives its end',
    'job.logs',
    `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $stepKey: String, $levels: [LogLevel!], $search: String) {
      job(id: $id) {
        logs(first: $first, after: $after, last: $last, before: $before, filter: { stepKey: $stepKey, levels: $levels, search: $search }) {
          edges { node { cursor seq at level stream message stepKey attempt } } ${PAGE}
        }
      }
    }`,
  ),
  get(
    '/workflows',
    'listWorkflows',
    'List workflows',
    'workflows',
    `query ($first: Int, $after: String, $search: String) {
      workflows(first: $first, after: $after, search: $search) { edges { node { ${WORKFLOW} } } ${PAGE} }
    }`,
  ),
  {
    method: 'POST',
    path: '/workflows',
    operationId: 'saveWorkflow',
    summary: 'Add a workflow, or a version of one; the slug is in the source',
    document: parse(
      `mutation ($source: String!) { saveWorkflow(source: $source) { ... on Workflow { ${WORKFLOW} } ${PROBLEM} } }`,
    ),
    answer: ['saveWorkflow'],
  },
  get(
    '/workflows/{slug}',
    'getWorkflow',
    'A workflow with its source',
    'workflow',
    `query ($slug: String!) { workflow(slug: $slug) { ${WORKFLOW} source } }`,
  ),
  get(
    '/workers',
    'listWorkers',
    'The workers',
    'workers',
    'query { workers { id name host version healthy lastSeenAt startedAt queues runningJobs concurrency criticalSlots stepTypes } }',
  ),
  get(
    '/queues',
    'listQueues',
    'How deep each queue is, and who serves it',
    'queues',
    'query { queues { name queued oldestQueuedAt running waiting workers slots taken medianWaitMs p95WaitMs } }',
  ),
];
