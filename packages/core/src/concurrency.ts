/** Jobs that must not run beside each other: the rule as a workflow writes it, and the key of one job. */
import type { ConcurrencyRule, ConflictChoice, WorkflowDefinition } from './definition.ts';
import { Fields } from './fields.ts';
import type { JsonObject } from './json.ts';
import { didYouMean } from './names.ts';
import type { SourceIssues } from './source-issues.ts';
import type { Scope } from './template.ts';
import { ExpressionError, evaluateTemplate } from './template.ts';

const FIELDS = ['key', 'limit', 'onConflict'];
const CHOICES: readonly ConflictChoice[] = ['queue', 'cancel-oldest', 'refuse'];
const MOST_JOBS = 1_000;
const LONGEST_KEY = 500;

/** Mistakes are complained about and left out. */
export function readConcurrency(workflow: Fields, issues: SourceIssues): ConcurrencyRule | undefined {
  const value = workflow.object('concurrency');
  if (!value) return undefined;
  const fields = new Fields(value, [...workflow.path, 'concurrency'], issues);
  fields.allowOnly(FIELDS);
  fields.require('key', 'deploy-${{ input.target }}');
  const limit = fields.number('limit', 1, MOST_JOBS, true) ?? 1;
  return { key: fields.text('key') ?? '', limit, onConflict: readChoice(fields) };
}

function readChoice(fields: Fields): ConflictChoice {
  const text = fields.text('onConflict');
  const choice = CHOICES.find((known) => known === text);
  if (choice) return choice;
  if (text !== undefined) {
    fields.complain('onConflict', `"onConflict" must be one of ${CHOICES.join(', ')}.${didYouMean(text, CHOICES)}`);
  }
  return 'queue';
}

/** Undefined when the workflow sets no limit. Throws ExpressionError when the key cannot be made. */
export function concurrencyKey(
  { concurrency }: WorkflowDefinition,
  context: { input: JsonObject; job: Scope['job'] },
): string | undefined {
  if (!concurrency) return undefined;
  const value = evaluateTemplate(concurrency.key, { ...context, steps: {} });
  const key = typeof value === 'string' ? value : JSON.stringify(value);
  if (key.length <= LONGEST_KEY) return key;
  throw new ExpressionError(
    `The concurrency key may have ${LONGEST_KEY} signs, and this one has ${key.length}.`,
    concurrency.key,
  );
}
