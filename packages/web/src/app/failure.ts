import type { CombinedError } from '@urql/core';
import type { JobAction } from './graphql.ts';

/** What went wrong, in words for the person in front of the screen. */
export interface Failure {
  title: string;
  message: string;
  /** Whether trying the same again may help. */
  retry: boolean;
}

/** An expected failure, as the result unions of the API carry it. */
export interface FailureResult {
  __typename: 'InvalidInput' | 'NotFound' | 'Forbidden' | 'Conflict';
  message: string;
  allowed?: readonly JobAction[];
  issues?: readonly { path: string; message: string }[];
}

const TITLES: Record<FailureResult['__typename'], string> = {
  InvalidInput: 'The input was not accepted',
  NotFound: 'It is not there any more',
  Forbidden: 'You may not do this',
  Conflict: 'Not possible now',
};

const ACTION_WORDS: Record<JobAction, string> = {
  START: 'start',
  CANCEL: 'cancel',
  FORCE_CANCEL: 'force the cancel',
  PAUSE: 'pause',
  RESUME: 'resume',
  RETRY: 'retry',
  RERUN: 'run again',
  FORK: 'fork',
  DELETE: 'delete',
  SET_PRIORITY: 'change the priority',
};

/** Words for a member of a result union that is not the thing asked for. */
export function describeResult(result: FailureResult): Failure {
  const details = [result.message];
  for (const issue of result.issues ?? []) details.push(`${issue.path || 'input'}: ${issue.message}`);
  if (result.allowed && result.allowed.length > 0) {
    details.push(`What can be done instead: ${result.allowed.map((action) => ACTION_WORDS[action]).join(', ')}.`);
  }
  return { title: TITLES[result.__typename], message: details.join('\n'), retry: false };
}

/** Words for an answer that did not come, or that the API refused as a whole. */
export function describeError(error: CombinedError | undefined): Failure {
  if (!error || error.networkError) {
    return {
      title: 'The server could not be reached',
      message: 'Check that Signalbox is running and that this machine has a network.',
      retry: true,
    };
  }
  const [first] = error.graphQLErrors;
  if (first?.extensions.code === 'FORBIDDEN')
    return { title: 'You may not see this', message: first.message, retry: false };
  if (first?.extensions.code === 'UNAUTHENTICATED')
    return { title: 'You are not signed in', message: first.message, retry: false };
  if (first?.extensions.code === 'RATE_LIMITED')
    return { title: 'Too much at once', message: first.message, retry: true };
  if (first?.extensions.code === 'OPERATION_NOT_LISTED')
    return { title: 'The app has been updated', message: 'Load the page again to go on with it.', retry: false };
  const request = first?.extensions.requestId;
  return {
    title: 'The server could not answer',
    message: [first?.message, typeof request === 'string' && `Request ${request}`].filter(Boolean).join(' · '),
    retry: true,
  };
}

/** What is wrong at each field of a form, by the first part of the pointers. */
export function byField(issues: readonly { path: string; message: string }[]): Record<string, string> {
  return Object.fromEntries(issues.map(({ path, message }) => [path.split('/')[1] ?? '', message]));
}
