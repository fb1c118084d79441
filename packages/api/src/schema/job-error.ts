import type { ErrorCategory as CoreErrorCategory } from '@signalbox/core/statuses';
import { builder } from '../builder.ts';
import type { StepAddress } from '../loaders.ts';
import { ErrorCategory } from './statuses.ts';

export interface JobErrorShape {
  message: string;
  category: CoreErrorCategory;
  /** The step it happened in. */
  step: StepAddress | null;
}

interface ErrorColumns {
  errorMessage: string | null;
  errorCategory: CoreErrorCategory | null;
}

/** The error that a row carries, if it carries one. */
export function errorOf(row: ErrorColumns, step: StepAddress | null): JobErrorShape | null {
  if (row.errorMessage === null || row.errorCategory === null) return null;
  return { message: row.errorMessage, category: row.errorCategory, step };
}

/** Its field `step` is added where steps are. */
export const JobError = builder.objectRef<JobErrorShape>('JobError').implement({
  description: 'Why a job, a step or an attempt failed.',
  fields: (t) => ({
    message: t.exposeString('message', { description: 'What went wrong, for people to read.' }),
    category: t.expose('category', { type: ErrorCategory, description: 'What kind of failure it is.' }),
  }),
});
