/** What a workflow says about its jobs as a whole. */
import type { WorkflowDefinition } from './definition.ts';
import type { Fields } from './fields.ts';
import { didYouMean } from './names.ts';
import { JOB_PRIORITIES } from './statuses.ts';

export const JOB_FIELDS = ['timeout', 'priority', 'queue'];

/** As SIGNALBOX_QUEUES takes them. */
export const QUEUE_PATTERN = /^[\w.-]{1,64}$/;

/** Mistakes are complained about and left out. */
export function readJobFields(fields: Fields): Pick<WorkflowDefinition, 'timeoutMs' | 'priority' | 'queue'> {
  const timeoutMs = fields.duration('timeout');
  if (timeoutMs === 0) fields.complain('timeout', '"timeout" must be longer than 0.');
  const priority = readPriority(fields);
  const queue = fields.text('queue');
  if (queue !== undefined && !QUEUE_PATTERN.test(queue)) {
    fields.complain('queue', '"queue" must be a name of letters, digits, ., _ and -, with at most 64 signs.');
  }
  return {
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(priority !== undefined && { priority }),
    ...(queue !== undefined && { queue }),
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
