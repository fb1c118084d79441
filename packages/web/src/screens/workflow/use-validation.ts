import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from 'urql';
import { type SourceIssue, ValidateWorkflow } from './documents.ts';

const NONE: readonly SourceIssue[] = [];

export type Validation =
  | { state: 'checking'; issues: readonly SourceIssue[] }
  | { state: 'checked'; issues: readonly SourceIssue[] }
  /** The server could not be asked. */
  | { state: 'unknown'; issues: readonly SourceIssue[] };

/** What the server says of a source, a moment after it was last changed. */
export function useValidation(source: string): Validation {
  const [settled] = useDebouncedValue(source, 350);
  const [{ data, error, fetching }] = useQuery({
    query: ValidateWorkflow,
    variables: { source: settled },
    pause: settled.trim() === '',
    requestPolicy: 'network-only',
  });
  if (error) return { state: 'unknown', issues: NONE };
  const issues = data?.validateWorkflow.issues ?? NONE;
  return { state: fetching || settled !== source || !data ? 'checking' : 'checked', issues };
}
