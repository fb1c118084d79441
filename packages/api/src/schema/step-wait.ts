/** What steps wait for. */
import { builder } from '../builder.ts';
import { DOCUMENT_COST } from './document-cost.ts';
import { JobStep } from './job-step.ts';

interface ApprovalShape {
  message: string | null;
  form: unknown;
  approved: boolean | null;
  comment: string | null;
  answer: unknown;
  decidedAt: Date | null;
  decidedBy: string | null;
}

const Approval = builder.objectRef<ApprovalShape>('Approval').implement({
  description: 'What a step asks somebody to approve, and the decision.',
  fields: (t) => ({
    message: t.string({ description: 'What is to be approved.', resolve: ({ message }) => message ?? '' }),
    form: t.expose('form', {
      type: 'JSON',
      nullable: true,
      complexity: DOCUMENT_COST,
      description: 'JSON Schema of what is asked along with the decision; null when nothing is.',
    }),
    approved: t.exposeBoolean('approved', {
      nullable: true,
      description: 'The decision; null until it is made, and when the time was up before.',
    }),
    comment: t.exposeString('comment', { nullable: true, description: 'What was said along with the decision.' }),
    answer: t.expose('answer', {
      type: 'JSON',
      nullable: true,
      complexity: DOCUMENT_COST,
      description: 'The form as it was filled in, with its defaults; null without one.',
    }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', nullable: true, description: 'When it was decided.' }),
    decidedBy: t.exposeString('decidedBy', { nullable: true, description: 'Who decided; null when nobody knows.' }),
  }),
});

const APPROVAL_FIELDS = {
  attempt: true,
  kind: true,
  message: true,
  form: true,
  approved: true,
  comment: true,
  answer: true,
  decidedAt: true,
  decidedBy: true,
} as const;

builder.prismaObjectFields(JobStep, (t) => ({
  waitUntil: t.field({
    type: 'DateTime',
    nullable: true,
    description:
      'When its wait ends by itself: the time it waits for, its next try, or the moment at which its timeout is over. Null when only a decision or another job ends it, and unless it is WAITING.',
    select: { status: true, wait: { select: { wakeAt: true } } },
    resolve: ({ status, wait }) => (status === 'WAITING' ? (wait?.wakeAt ?? null) : null),
  }),
  approval: t.field({
    type: Approval,
    nullable: true,
    description: 'What its newest attempt asks to be approved, or asked last; null when it asks for nothing.',
    select: { status: true, attemptNumber: true, wait: { select: APPROVAL_FIELDS } },
    resolve: ({ attemptNumber, status, wait }) =>
      wait?.kind === 'APPROVAL' && wait.attempt === attemptNumber && status !== 'PENDING' ? wait : null,
  }),
}));
