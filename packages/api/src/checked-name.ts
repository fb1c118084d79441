import type { Issue } from '@signalbox/core/issues';
import { invalid } from './job-request.ts';

/** Characters that the name of a template, view, schedule or token may have. */
export const LONGEST_NAME = 100;

type Named = 'schedule' | 'template' | 'token' | 'view';

/** What is wrong with a name, without the spaces around it. */
export function nameIssues(name: string, of: Named): Issue[] {
  const { length } = name.trim();
  if (length >= 1 && length <= LONGEST_NAME) return [];
  return [
    { path: '/name', message: `The name of a ${of} has 1 to ${LONGEST_NAME} characters, and this one has ${length}.` },
  ];
}

/** The name without the spaces around it. Throws InvalidInputError. */
export function checkedName(name: string, of: Named): string {
  const issues = nameIssues(name, of);
  if (issues.length > 0) throw invalid(`The ${of} cannot be saved`, issues);
  return name.trim();
}
