import { invalid } from './job-request.ts';

/** Characters that the name of a template, view, schedule or token may have. */
export const LONGEST_NAME = 100;

/** The name without the spaces around it. Throws InvalidInputError, which says what it was to be the name of. */
export function checkedName(name: string, of: 'schedule' | 'template' | 'token' | 'view'): string {
  const trimmed = name.trim();
  if (trimmed.length >= 1 && trimmed.length <= LONGEST_NAME) return trimmed;
  const message = `The name of a ${of} has 1 to ${LONGEST_NAME} characters, and this one has ${trimmed.length}.`;
  throw invalid(`The ${of} cannot be saved`, [{ path: '/name', message }]);
}
