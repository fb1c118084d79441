/** What a workflow says about its jobs as a whole. */
import { readBudgets } from './budget.ts';
import { readConcurrency } from './concurrency.ts';
import type { WorkflowDefinition } from './definition.ts';
import type { Fields } from './fields.ts';
import { didYouMean, QUEUE_PATTERN } from './names.ts';
import type { SourceIssues } from './source-issues.ts';
import { JOB_PRIORITIES } from './statuses.ts';

export const JOB_FIELDS = ['timeout', 'priority', 'queue', 'concurrency', 'budget'];

/** Mistakes are complained about and left out. */
export function readJobFields(
  fields: Fields,
  issues: SourceIssues,
): Pick<WorkflowDefinition, 'timeoutMs' | 'priority' | 'queue' | 'concurrency' | 'budgets'> {
  const timeoutMs = fields.duration('timeout');
  if (timeoutMs === 0) fields.complain('timeout', '"timeout" must be longer than 0.');
  const priority = readPriority(fields);
  const queue = fields.text('queue');
  if (queue !== undefined && !QUEUE_PATTERN.test(queue)) {
    fields.complain('queue', '"queue" must be a name of letters, digits, ., _ and -, with at most 64 signs.');
  }
  const concurrency = readConcurrency(fields, issues);
  const budgets = readBudgets(fields, issues);
  return {
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(priority !== undefined && { priority }),
    ...(queue !== undefined && { queue }),
    ...(concurrency !== undefined && { concurrency }),
    ...(budgets !== undefined && { budgets }),
  };
}

function readPriority(fields: Fields): WorkflowDefinition['priority'] {
  const text = fields.text('priority');
  if (text === undefined) return undefined;
  const priority = JOB_PRIORITIES.find((known) => known === text);
  if (priority) return priority;
  const help = didYouMean(text.toUpperCase(), JOB_PRIORITIES);
  fields.complain('priority', `"priority" must be one of ${JOB_PRIORITIES.join(', ')}.${help}`);
  return undefined;
}
