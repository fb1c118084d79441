/** Checks of what is sent to make a job. Everything that is wrong is said at once, as an InvalidInputError. */

import { checkInput } from '@signalbox/core/input';
import type { Issue } from '@signalbox/core/issues';
import type { JsonObject } from '@signalbox/core/json';
import { didYouMean } from '@signalbox/core/names';
import type { Database } from '@signalbox/db/client';
import { InvalidInputError, NotFoundError } from '@signalbox/db/failures';
import { storableText } from '@signalbox/db/storable';
import { findWorkflow, listSlugs, type WorkflowVersionRow } from '@signalbox/db/workflows';

interface JobRequest {
  subject?: string | null;
  labels?: readonly string[] | null;
  idempotencyKey?: string | null;
}

const LONGEST_SUBJECT = 500;
const LONGEST_LABEL = 100;
const MOST_LABELS = 50;
const LONGEST_KEY = 200;

/** The bounds of everything but the input itself. */
export function checkJobRequest({ subject, labels, idempotencyKey }: JobRequest): void {
  const issues: Issue[] = [];
  if (subject != null && subject.length > LONGEST_SUBJECT) {
    issues.push({
      path: '/subject',
      message: `The subject may have ${LONGEST_SUBJECT} characters, and this one has ${subject.length}.`,
    });
  }
  if (labels && labels.length > MOST_LABELS) {
    issues.push({ path: '/labels', message: `A job may have ${MOST_LABELS} labels, and these are ${labels.length}.` });
  }
  for (const [index, label] of (labels ?? []).slice(0, MOST_LABELS).entries()) {
    if (label.length < 1 || label.length > LONGEST_LABEL) {
      issues.push({
        path: `/labels/${index}`,
        message: `A label has 1 to ${LONGEST_LABEL} characters, and this one has ${label.length}.`,
      });
    }
  }
  if (idempotencyKey != null && (idempotencyKey.length < 1 || idempotencyKey.length > LONGEST_KEY)) {
    issues.push({
      path: '/idempotencyKey',
      message: `An idempotency key has 1 to ${LONGEST_KEY} characters, and this one has ${idempotencyKey.length}. Leave it out when none is meant.`,
    });
  }
  if (issues.length > 0) throw invalid('The request cannot be taken', issues);
}

/** The newest version of a workflow. Throws NotFoundError, which names a slug that was probably meant. */
export async function requireWorkflow(db: Database, tenantId: string, slug: string): Promise<WorkflowVersionRow> {
  const workflow = await findWorkflow(db, tenantId, storableText(slug));
  if (workflow) return workflow;
  const slugs = (await listSlugs(db, tenantId)) ?? [];
  const few = slugs.length > 0 && slugs.length <= 10 ? ` There are ${slugs.join(', ')}.` : '';
  throw new NotFoundError(
    `There is no workflow with the slug "${slug.slice(0, 100)}".${didYouMean(slug, slugs) || few}`,
  );
}

/** The input with the schema's defaults. Throws InvalidInputError, whose paths point into the input. */
export function checkedInput(workflow: WorkflowVersionRow, input: JsonObject): JsonObject {
  const { value, issues } = checkInput(workflow.definition.input, input);
  if (issues.length > 0) throw invalid(`The input does not fit the workflow "${workflow.slug}"`, issues);
  return value;
}

export function invalid(summary: string, issues: Issue[]): InvalidInputError {
  const [first] = issues;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return new InvalidInputError(
    first ? `${summary}: ${first.path ? `${first.path}: ` : ''}${first.message}${more}` : summary,
    issues,
  );
}
