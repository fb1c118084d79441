/** Checks every expression of a workflow when it is saved: syntax, names, and whether a step's result exists by then. */
import type { StepDefinition, WorkflowDefinition } from './definition.ts';
import { compileExpression } from './expression.ts';
import type { Surroundings } from './expression-names.ts';
import { checkNames } from './expression-names.ts';
import type { Path } from './issues.ts';
import type { Json } from './json.ts';
import { didYouMean } from './names.ts';
import type { SourceIssues } from './source-issues.ts';
import type { StepOrder } from './step-graph.ts';
import { indexesByKey, Upstream } from './step-graph.ts';
import { EXPRESSION_OPEN, holdsExpression, scanTemplate, soleExpression } from './template-scan.ts';

/** @param conditions the `if` of each step as it was written */
export function checkExpressions(
  definition: WorkflowDefinition,
  conditions: readonly (Json | undefined)[],
  { order, circles }: StepOrder,
  issues: SourceIssues,
): void {
  const { steps, input } = definition;
  const keys = steps.map(({ key }) => key);
  const indexes = indexesByKey(steps);
  let upstream: Upstream | undefined;

  const unknown = (key: string): string | undefined =>
    indexes.has(key) ? undefined : `There is no step "${key}".${didYouMean(key, keys)}`;
  const stepProblem = (index: number, key: string): string | undefined => {
    const other = indexes.get(key);
    if (other === undefined) return unknown(key);
    if (other === index) return 'A step cannot use its own result.';
    if (circles.length > 0) return undefined;
    upstream ??= new Upstream(steps, order);
    if (upstream.has(index, other)) return undefined;
    return `The step "${key}" may not have run by then. Add it to the needs of "${keys[index]}", or of a step that it needs.`;
  };

  for (const [index, step] of steps.entries()) {
    if (issues.full) return;
    const path: Path = ['steps', index];
    const here = (key: string): string | undefined => stepProblem(index, key);
    const item = step.forEach !== undefined;
    const around = { stepProblem: here, input, secrets: false, outcome: false, item };
    if (step.forEach !== undefined) checkTexts(step.forEach, [...path, 'forEach'], { ...around, item: false }, issues);
    checkTexts(step.with, [...path, 'with'], { ...around, secrets: true }, issues);
    refuseShellText(step, [...path, 'with', 'run'], issues);
    const condition = conditions[index];
    if (typeof condition !== 'string') continue;
    checkCondition(condition, [...path, 'if'], { ...around, outcome: true }, issues);
  }
  if (definition.concurrency) {
    const stepProblem = () => 'No step has run when the key of a job is made.';
    const around = { stepProblem, input, secrets: false, outcome: false, item: false };
    checkTexts(definition.concurrency.key, ['concurrency', 'key'], around, issues);
  }
  if (definition.output !== undefined) {
    const around = { stepProblem: unknown, input, secrets: false, outcome: false, item: false };
    checkTexts(definition.output, ['output'], around, issues);
  }
}

function checkTexts(value: Json, path: Path, surroundings: Surroundings, issues: SourceIssues): void {
  if (issues.full) return;
  if (typeof value === 'string') {
    const { expressions, unclosedAt } = scanTemplate(value);
    for (const { source, start } of expressions) {
      if (issues.full) return;
      checkExpression(source, { path, start, from: EXPRESSION_OPEN.length }, surroundings, issues);
    }
    if (unclosedAt !== undefined) issues.addInText(path, unclosedAt, 0, 'This ${{ is not closed by }}.');
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkTexts(item, [...path, index], surroundings, issues);
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) checkTexts(item, [...path, key], surroundings, issues);
  }
}

function checkCondition(text: string, path: Path, surroundings: Surroundings, issues: SourceIssues): void {
  if (!holdsExpression(text)) {
    checkExpression(text, { path, start: 0, from: 0 }, surroundings, issues, 'bool');
    return;
  }
  const start = text.indexOf(EXPRESSION_OPEN);
  const sole = soleExpression(text.trim());
  if (sole) checkExpression(sole.source, { path, start, from: EXPRESSION_OPEN.length }, surroundings, issues, 'bool');
  else issues.addInText(path, start, 0, '"if" is one expression: put all of it into one ${{ … }}, or write none.');
}

/** Where an expression stands: in the text at the path, behind `start` (the offset of its `${{`) and `from` more signs. */
interface Place {
  path: Path;
  start: number;
  from: number;
}

function checkExpression(
  source: string,
  place: Place,
  surroundings: Surroundings,
  issues: SourceIssues,
  type?: 'bool',
): void {
  const { references, problem, ...expression } = compileExpression(source);
  const problems = references ? checkNames(references, surroundings) : [];
  // A wrong name is the cause of what the type checker says about it.
  if (problems.length === 0 && problem) problems.push(problem);
  if (problems.length === 0 && type && expression.type !== type && !expression.type.startsWith('dyn')) {
    problems.push({ message: `A condition must be true or false, and this is of the type ${expression.type}.`, at: 0 });
  }
  for (const { message, at } of problems) {
    const offset = place.from + (at === 0 ? leadingBlanks(source) : at);
    issues.addInText(place.path, place.start, offset, message);
  }
}

function leadingBlanks(source: string): number {
  return source.length - source.trimStart().length;
}

/** Input must never become shell text. */
function refuseShellText({ type, with: { run } }: StepDefinition, path: Path, issues: SourceIssues): void {
  if (type !== 'command' || typeof run !== 'string' || !holdsExpression(run)) return;
  const message =
    '"run" is given to a shell and may hold no ${{ }}. Pass the value by "env", or use "program" with "args".';
  issues.addInText(path, run.indexOf(EXPRESSION_OPEN), 0, message);
}
