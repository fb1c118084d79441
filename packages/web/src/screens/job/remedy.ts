import type { ErrorCategory, JobAction } from '../../app/graphql.ts';

/** What somebody can do about a failure, with a button: an action of the job, or a new job with something changed. */
export type Remedy = 'RESUME' | 'EDIT_INPUT' | 'FORK' | 'WORKFLOW';

interface Advice {
  words: string;
  /** The best first. */
  remedies: readonly Remedy[];
}

const AGAIN: readonly Remedy[] = ['RESUME', 'FORK'];

export const ADVICE: Record<ErrorCategory, Advice> = {
  USER_INPUT: {
    words: 'Check the input of the job and run it again with another one.',
    remedies: ['EDIT_INPUT', 'FORK'],
  },
  CONFIGURATION: {
    words: 'Check the workflow and the settings of the worker, then go on from the failed step.',
    remedies: ['WORKFLOW', 'RESUME', 'EDIT_INPUT'],
  },
  TIMEOUT: {
    words: 'It took longer than allowed: raise the timeout of the step, or find what hangs.',
    remedies: AGAIN,
  },
  CANCELLED: { words: 'It was cancelled before it was done.', remedies: AGAIN },
  RATE_LIMIT: { words: 'The other side asked to slow down: go on later, or give the step a retry.', remedies: AGAIN },
  AUTH: { words: 'The other side refused the credentials: check the secrets, then go on.', remedies: AGAIN },
  NETWORK: { words: 'The other side could not be reached: go on when it can.', remedies: AGAIN },
  PROCESS: {
    words: 'The command ended with an error: its last lines in the log say why.',
    remedies: ['RESUME', 'EDIT_INPUT', 'FORK'],
  },
  PLUGIN: { words: 'The step type itself failed: see the log, and tell the plugin’s author.', remedies: AGAIN },
  WORKER_LOST: {
    words: 'The worker vanished while it ran. Running it again is safe if the step can be repeated.',
    remedies: AGAIN,
  },
  BUDGET: {
    words: 'It spent as much as it was allowed to: raise the budget, then go on.',
    remedies: ['RESUME', 'EDIT_INPUT'],
  },
  INTERNAL: { words: 'This should not have happened: the log of the worker has the details.', remedies: AGAIN },
};

const NEEDS: Record<Remedy, JobAction | undefined> = {
  RESUME: 'RESUME',
  EDIT_INPUT: 'RERUN',
  FORK: 'FORK',
  WORKFLOW: undefined,
};

/** The remedies for a failure that the job allows now. */
export function remediesFor(category: ErrorCategory, allowed: readonly JobAction[]): Remedy[] {
  return ADVICE[category].remedies.filter((remedy) => {
    const needed = NEEDS[remedy];
    return needed === undefined || allowed.includes(needed);
  });
}
