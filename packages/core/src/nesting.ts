/** Workflows that run workflows. */
import type { StepDefinition } from './definition.ts';
import { didYouMean } from './names.ts';
import type { SourceIssues } from './source-issues.ts';
import { holdsExpression } from './template-scan.ts';

/** The step type whose steps run another workflow, `with: { workflow: SLUG }`. */
export const WORKFLOW_STEP_TYPE = 'workflow';

/** How deep jobs may be nested in each other: a workflow that runs itself without an end must not fill the database. */
export const MOST_NESTED = 10;

/** Slugs that only an expression tells are known when the step runs, and checked then. */
export function checkNested(
  steps: readonly StepDefinition[],
  ownSlug: string,
  workflows: ReadonlySet<string>,
  issues: SourceIssues,
): void {
  for (const [index, { type, with: config }] of steps.entries()) {
    const slug = type === WORKFLOW_STEP_TYPE ? config.workflow : undefined;
    if (typeof slug !== 'string' || holdsExpression(slug) || slug === ownSlug || workflows.has(slug)) continue;
    const known = [...workflows];
    const few = known.length > 0 && known.length <= 10 ? ` There are ${known.join(', ')}.` : '';
    const message = `There is no workflow "${slug.slice(0, 100)}".${didYouMean(slug, known) || few}`;
    issues.add(['steps', index, 'with', 'workflow'], message);
  }
}
