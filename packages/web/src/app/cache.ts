import { type Cache, cacheExchange, type KeyingConfig } from '@urql/exchange-graphcache';

const EMBEDDED = [
  'Approval',
  'ApiTokenConnection',
  'ApiTokenEdge',
  'ActivityCost',
  'Budget',
  'BulkPreview',
  'BulkPreviewRefusal',
  'BulkRefusal',
  'BulkResult',
  'Conflict',
  'CountsUpdate',
  'Cost',
  'CreatedApiToken',
  'DeletedInputTemplate',
  'DeletedJob',
  'DeletedSchedule',
  'DeletedView',
  'DeletedWebhook',
  'Forbidden',
  'InputIssue',
  'InvalidInput',
  'JobConnection',
  'JobEdge',
  'JobActivityBucket',
  'JobError',
  'JobFigures',
  'JobStatistics',
  'JobTrendPoint',
  'JobStepConnection',
  'JobStepEdge',
  'JobUpdate',
  'LogBatch',
  'LogConnection',
  'LogEdge',
  'LogLine',
  'ModelCost',
  'WaitingFor',
  'NotFound',
  'PageInfo',
  'Plugin',
  'PriorityCount',
  'Progress',
  'Queue',
  'QueuesUpdate',
  'SavedWebhook',
  'SchedulePreview',
  'StatusCount',
  'StepActivityConnection',
  'StepActivityEdge',
  'StepAttempt',
  'StepType',
  'Subject',
  'SubjectConnection',
  'SubjectEdge',
  'SubjectStage',
  'Tenant',
  'Viewer',
  'WorkersUpdate',
  'WorkflowConnection',
  'WorkflowEdge',
  'WorkflowFigures',
  'WorkflowStep',
  'WorkflowValidation',
  'WorkflowVersion',
];

/** Types that have no id of their own and live inside the thing that holds them. */
const keys: KeyingConfig = Object.fromEntries(EMBEDDED.map((type) => [type, () => null]));

/** Makes `job(id:)` find a job that arrived by another way, so that a row or a page has something to show at once. */
function adopt(cache: Cache, job: unknown): void {
  if (typeof job !== 'object' || job === null || !('id' in job) || typeof job.id !== 'string') return;
  // Writing a link makes everything that reads it read again, so it is written once.
  if (cache.resolve('Query', 'job', { id: job.id }) !== `Job:${job.id}`) {
    cache.link('Query', 'job', { id: job.id }, { __typename: 'Job', id: job.id });
  }
}

function forget(cache: Cache, id: unknown): void {
  if (typeof id !== 'string') return;
  cache.invalidate({ __typename: 'Job', id });
  cache.invalidate('Query', 'job', { id });
}

/** Makes every query read a list again, whichever part of it was asked for. */
function forgetList(cache: Cache, name: string): void {
  for (const { fieldKey, fieldName } of cache.inspectFields('Query')) {
    if (fieldName === name) cache.invalidate('Query', fieldKey);
  }
}

function edgesOf(connection: unknown): unknown[] {
  if (typeof connection !== 'object' || connection === null || !('edges' in connection)) return [];
  return Array.isArray(connection.edges) ? connection.edges : [];
}

/** The normalising cache: one copy of each job and step, whichever query, mutation or subscription brought it. */
export function createCache() {
  return cacheExchange({
    keys,
    possibleTypes: { Error: ['Conflict', 'Forbidden', 'InvalidInput', 'NotFound'] },
    // The server can only agree, or say why not: then the switch goes back.
    optimistic: { setScheduleActive: ({ id, active }) => ({ __typename: 'Schedule', id, active }) },
    updates: {
      Query: {
        jobs: (result, _args, cache) => {
          for (const edge of edgesOf(result.jobs)) {
            if (typeof edge === 'object' && edge !== null && 'node' in edge) adopt(cache, edge.node);
          }
        },
      },
      Mutation: {
        createJob: (result, _args, cache) => adoptResult(cache, result.createJob),
        rerunJob: (result, _args, cache) => adoptResult(cache, result.rerunJob),
        saveInputTemplate: (_result, _args, cache) => forgetList(cache, 'inputTemplates'),
        deleteInputTemplate: (_result, _args, cache) => forgetList(cache, 'inputTemplates'),
        createSchedule: (_result, _args, cache) => forgetList(cache, 'schedules'),
        deleteSchedule: (_result, _args, cache) => forgetList(cache, 'schedules'),
        createApiToken: (_result, _args, cache) => forgetList(cache, 'apiTokens'),
        saveWebhook: (_result, args, cache) => {
          if (!args.id) forgetList(cache, 'webhooks');
        },
        deleteWebhook: (_result, _args, cache) => forgetList(cache, 'webhooks'),
        saveWorkflow: (result, _args, cache) => {
          if (typenameOf(result.saveWorkflow) === 'Workflow') forgetList(cache, 'workflows');
        },
        deleteJob: (result, args, cache) => {
          if (typenameOf(result.deleteJob) === 'DeletedJob') forget(cache, args.id);
        },
      },
      Subscription: {
        jobUpdated: (result, _args, cache) => {
          const update = result.jobUpdated;
          if (typeof update !== 'object' || update === null) return;
          if ('job' in update) adopt(cache, update.job);
          if ('deletedId' in update) forget(cache, update.deletedId);
        },
      },
    },
  });
}

function adoptResult(cache: Cache, result: unknown): void {
  if (typenameOf(result) === 'Job') adopt(cache, result);
}

function typenameOf(result: unknown): unknown {
  return typeof result === 'object' && result !== null && '__typename' in result ? result.__typename : undefined;
}
