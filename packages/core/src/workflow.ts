/** The workflow language: from the source that people write to the definition that jobs run. */
import type { StepDefinition, WorkflowDefinition } from './definition.ts';
import { readDrawing } from './drawing.ts';
import { Fields, isObject } from './fields.ts';
import { checkSchema } from './input.ts';
import type { Issue } from './issues.ts';
import { JOB_FIELDS, readJobFields } from './job-fields.ts';
import type { Json, ObjectSchema } from './json.ts';
import { didYouMean, SLUG_MAX_LENGTH, SLUG_PATTERN } from './names.ts';
import { checkNested } from './nesting.ts';
import { SourceIssues } from './source-issues.ts';
import { checkStepConfig } from './step-config.ts';
import { readStep } from './step-fields.ts';
import type { StepOrder } from './step-graph.ts';
import { indexesByKey, orderSteps } from './step-graph.ts';
import { checkTools, type KnownTools } from './tool-names.ts';
import { checkExpressions } from './workflow-expressions.ts';
import { readSource } from './workflow-source.ts';

export const MOST_STEPS = 10_000;

const FIELDS = ['slug', 'name', 'description', 'input', 'steps', 'output', ...JOB_FIELDS];
export type ParsedWorkflow =
  | { definition: WorkflowDefinition; issues: [] }
  | { definition?: undefined; issues: Issue[] };

/**
 * Reads YAML or JSON, with `steps` or drawn as `nodes` and `edges`. Whatever is wrong is an issue with a JSON pointer, a line and a column; at most 100 are given.
 *
 * @param stepTypes the known step types and the schemas of their `with`, which is checked as far as the expressions in it
 *   allow; without them types are taken as they are
 * @param workflows the slugs of the known workflows; without them those that steps run are taken as they are
 * @param tools the known tools, in the same way
 */
export function parseWorkflow(
  source: string,
  stepTypes?: ReadonlyMap<string, ObjectSchema>,
  workflows?: ReadonlySet<string>,
  tools?: KnownTools,
): ParsedWorkflow {
  const read = readSource(source);
  if (!read.source) return { issues: read.issues };
  const drawing = readDrawing(read.source.value);
  const issues = new SourceIssues(read.source, drawing?.place);
  for (const { message, of, path } of drawing?.problems ?? []) issues.add(path, message, of);
  const fields = new Fields(drawing?.value ?? read.source.value, [], issues);
  fields.allowOnly(FIELDS);
  const slug = readSlug(fields);
  const name = fields.text('name');
  const description = fields.text('description');
  const input = readInputSchema(fields, issues);
  const steps = readSteps(fields, issues);
  const output = fields.get('output');
  const ofJobs = readJobFields(fields, issues);
  if (steps) {
    const definition = {
      slug: slug ?? '',
      name: name ?? slug ?? '',
      ...(description !== undefined && { description }),
      input: input ?? { type: 'object' },
      steps,
      ...(output !== undefined && { output }),
      ...ofJobs,
    } satisfies WorkflowDefinition;
    const order = orderSteps(steps);
    checkNeeds(steps, order, issues);
    checkExpressions(definition, writtenConditions(fields), order, issues);
    if (stepTypes) checkTypes(steps, stepTypes, issues);
    if (workflows) checkNested(steps, definition.slug, workflows, issues);
    if (tools) checkTools(steps, tools, issues);
    if (issues.empty) return { definition, issues: [] };
  }
  return { issues: issues.inTextOrder() };
}

function readSlug(fields: Fields): string | undefined {
  fields.require('slug', 'release-notes');
  const slug = fields.text('slug');
  if (slug === undefined) return undefined;
  if (SLUG_PATTERN.test(slug) && slug.length <= SLUG_MAX_LENGTH) return slug;
  fields.complain(
    'slug',
    `The slug must be small letters, digits and single hyphens between them, such as release-notes, and have at most ${SLUG_MAX_LENGTH} signs.`,
  );
  return undefined;
}

function readInputSchema(fields: Fields, issues: SourceIssues): ObjectSchema | undefined {
  const given = fields.object('input');
  if (!given) return undefined;
  const schema = { type: 'object', ...given } as ObjectSchema;
  issues.addBelow(['input'], checkSchema(schema));
  return schema;
}

/** Undefined when some step has no usable key: what is said about steps would then be guesswork. */
function readSteps(fields: Fields, issues: SourceIssues): StepDefinition[] | undefined {
  fields.require('steps', 'a list with one step');
  const list = fields.list('steps', 'steps');
  if (!list) return undefined;
  if (list.length === 0) fields.complain('steps', 'A workflow needs at least one step.');
  if (list.length > MOST_STEPS) {
    fields.complain('steps', `A workflow may have ${MOST_STEPS} steps, and this one has ${list.length}.`);
    return undefined;
  }
  const steps: StepDefinition[] = [];
  const seen = new Map<string, number>();
  for (const [index, value] of list.entries()) {
    const step = readStep(value, ['steps', index], steps.at(-1)?.key, issues);
    if (!step) continue;
    const earlier = seen.get(step.key);
    if (earlier === undefined) seen.set(step.key, index);
    else
      issues.add(['steps', index, 'key'], `The key "${step.key}" is taken by step ${earlier + 1}. Keys must differ.`);
    steps.push(step);
  }
  return steps.length === list.length && seen.size === steps.length ? steps : undefined;
}

function writtenConditions(fields: Fields): (Json | undefined)[] {
  const steps = fields.get('steps');
  return Array.isArray(steps) ? steps.map((step) => (isObject(step) ? step.if : undefined)) : [];
}

function checkNeeds(steps: readonly StepDefinition[], { circles }: StepOrder, issues: SourceIssues): void {
  const indexes = indexesByKey(steps);
  const keys = [...indexes.keys()];
  for (const [index, { key, needs }] of steps.entries()) {
    const seen = new Set<string>();
    for (const [at, need] of needs.entries()) {
      if (issues.full) return;
      const path = ['steps', index, 'needs', at];
      if (need === key) issues.add(path, `The step "${key}" needs itself.`);
      else if (!indexes.has(need)) issues.add(path, `There is no step "${need}".${didYouMean(need, keys)}`);
      else if (seen.has(need)) issues.add(path, `"${need}" stands here twice.`);
      seen.add(need);
    }
  }
  for (const circle of circles) {
    const [first] = circle;
    if (first === undefined || circle.length === 1) continue;
    const path = ['steps', indexes.get(first) ?? 0, 'needs'];
    issues.add(path, `These steps wait for each other in a circle: ${[...circle, first].join(' → ')}.`);
  }
}

function checkTypes(
  steps: readonly StepDefinition[],
  stepTypes: ReadonlyMap<string, ObjectSchema>,
  issues: SourceIssues,
): void {
  const known = [...stepTypes.keys()];
  for (const [index, step] of steps.entries()) {
    if (issues.full) return;
    if (step.type === '') continue;
    const schema = stepTypes.get(step.type);
    if (schema) {
      issues.addBelow(['steps', index, 'with'], checkStepConfig(schema, step.with));
      continue;
    }
    const help =
      didYouMean(step.type, known) || (known.length > 0 ? ` There are ${known.slice(0, 20).join(', ')}.` : '');
    issues.add(['steps', index, 'type'], `There is no step type "${step.type}".${help}`);
  }
}
