import type { ObjectSchema } from '@signalbox/plugin-sdk';
import { definePlugin, defineStepType, StepFailure } from '@signalbox/plugin-sdk';

export type ApprovalConfig = { message: string; form?: ObjectSchema };
export type ApprovalOutput = {
  approved: true;
  comment: string | null;
  form: Record<string, unknown> | null;
  decidedAt: string;
};

const config: ObjectSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['message'],
  properties: {
    message: {
      type: 'string',
      minLength: 1,
      maxLength: 4_000,
      title: 'Message',
      description: 'What somebody is to approve or to reject.',
    },
    form: {
      type: 'object',
      title: 'Form',
      description:
        'JSON Schema of an object: what is asked along with the decision. Whoever rejects may leave it empty.',
    },
  },
};

const output: ObjectSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['approved', 'comment', 'form', 'decidedAt'],
  properties: {
    approved: { const: true, title: 'Approved', description: 'Always true: a rejected step fails.' },
    comment: { type: ['string', 'null'], title: 'Comment', description: 'What was said along with the decision.' },
    form: { type: ['object', 'null'], title: 'Form', description: 'The form as it was filled in; null without one.' },
    decidedAt: { type: 'string', format: 'date-time', title: 'Decided at', description: 'When it was approved.' },
  },
};

export const approval = defineStepType<ApprovalConfig, ApprovalOutput>({
  type: 'approval',
  title: 'Approval',
  description: 'Waits until somebody approves or rejects. No worker is held meanwhile. Fails when it is rejected.',
  icon: 'user-check',
  config,
  output,
  repeatable: true,
  async run(ctx) {
    const { message, form } = ctx.config;
    const { resume } = ctx;
    if (!resume) return { wait: { approval: { message, ...(form && { form: { ...form, type: 'object' } }) } } };
    if (!resume.approved) {
      throw new StepFailure(resume.comment ? `Rejected: ${resume.comment}` : 'Rejected, without a comment.', {
        category: 'USER_INPUT',
        retryable: false,
      });
    }
    return {
      approved: true,
      comment: resume.comment ?? null,
      form: resume.form ?? null,
      decidedAt: resume.decidedAt ?? new Date().toISOString(),
    };
  },
});

export default definePlugin({ name: '@signalbox/plugins', contract: 1, stepTypes: [approval] });
