import type { Look } from '../../status/tone.ts';
import type { SubjectStatus } from './documents.ts';

/** How the status of a subject looks. */
export const SUBJECT_LOOKS: Record<SubjectStatus, Look> = {
  NOT_RUN: { tone: 'queued', icon: 'circle', word: 'Not run' },
  RUNNING: { tone: 'running', icon: 'spinner', word: 'Running' },
  DONE: { tone: 'completed', icon: 'check', word: 'Done' },
  FAILED: { tone: 'failed', icon: 'cross', word: 'Failed' },
};
