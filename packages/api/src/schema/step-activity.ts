import {
  type ActivityKind as ActivityKindKey,
  countActivities,
  readActivities,
  type StoredActivity,
} from '@signalbox/db/activities';
import { builder } from '../builder.ts';
import { decodeActivityCursor, encodeActivityCursor } from '../cursors.ts';
import { connectionType, pageOf, withoutSurplus } from './connection.ts';
import { durationMs, durationNote } from './duration.ts';
import { JobStep } from './job-step.ts';
import { pageArgs, pageCost, readPageArgs } from './paging.ts';
import { StepStatus } from './statuses.ts';

const LIMITS = { usual: 100, most: 500 };
/** Points for a value that is cut at 64 KiB. */
const VALUE_COST = 15;

const KINDS: Record<ActivityKindKey, { description: string }> = {
  MODEL_TURN: { description: 'A model was asked, and answered with text, calls of tools, or both.' },
  TOOL_CALL: { description: 'A tool was called, as a model wanted.' },
};
const ActivityKind = builder.enumType('ActivityKind', {
  description: 'What a step did inside itself.',
  values: KINDS,
});

const ActivityCost = builder.objectRef<StoredActivity>('ActivityCost').implement({
  description: 'What one call of a model has cost. What is not known is null, and never 0.',
  fields: (t) => ({
    microUsd: t.expose('microUsd', {
      type: 'BigInt',
      nullable: true,
      description: 'Millionths of a US dollar; null when the price of the model is not known.',
    }),
    inputTokens: t.expose('inputTokens', { type: 'BigInt', nullable: true, description: 'Tokens that were sent.' }),
    outputTokens: t.expose('outputTokens', { type: 'BigInt', nullable: true, description: 'Tokens of the answer.' }),
    estimated: t.exposeBoolean('partial', {
      description: 'Whether it is an estimate: the call broke off before its server told what it used.',
    }),
  }),
});

const StepActivity = builder.objectRef<StoredActivity>('StepActivity').implement({
  description: 'A part of a step that is seen on its own: a turn of a model, or the call of a tool.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'UUIDv7 of the activity.' }),
    kind: t.expose('kind', { type: ActivityKind, description: 'What it is.' }),
    name: t.exposeString('name', { description: 'The model, or the tool as a workflow would call it.' }),
    status: t.expose('status', { type: StepStatus, description: 'RUNNING, COMPLETED, FAILED or CANCELLED.' }),
    attempt: t.exposeInt('attempt', { description: 'The attempt of the step that it belongs to, from 1.' }),
    parentId: t.id({
      nullable: true,
      description:
        'The activity that it is part of: of the call of a tool the turn that asked for it. Null for a turn.',
      resolve: ({ parentId }) => parentId,
    }),
    input: t.expose('input', {
      type: 'JSON',
      complexity: VALUE_COST,
      nullable: true,
      description:
        'What it was given: of a turn the messages that are new since the last one, of a call the arguments. Masked; beyond 64 KiB `{ cut, characters }`.',
    }),
    output: t.expose('output', {
      type: 'JSON',
      complexity: VALUE_COST,
      nullable: true,
      description: 'What it gave: of a turn its text and the calls it asked for; null until there is something.',
    }),
    error: t.exposeString('error', { nullable: true, description: 'What went wrong; null when nothing did.' }),
    cost: t.field({
      type: ActivityCost,
      nullable: true,
      description: 'What it has cost; null for what costs nothing, and until it has ended.',
      resolve: (activity) => (activity.kind === 'MODEL_TURN' && activity.inputTokens !== null ? activity : null),
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it began.' }),
    completedAt: t.expose('completedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null while it goes on.',
    }),
    durationMs: t.int({
      nullable: true,
      description: `Milliseconds from its start to its end, or so far. ${durationNote}`,
      resolve: durationMs,
    }),
  }),
});

const StepActivityConnection = connectionType('StepActivity', StepActivity, 'activities');

builder.prismaObjectField(JobStep, 'activities', (t) =>
  t.field({
    type: StepActivityConnection,
    description:
      'The turns of models and calls of tools in it, in the order in which they began. They appear while the step runs: read them again when `Job.updatedAt` changes.',
    args: {
      ...pageArgs(LIMITS),
      attempt: t.arg.int({ description: 'Only those of this attempt; all when absent.' }),
    },
    complexity: pageCost(LIMITS),
    resolve: async ({ id }, args, { services }) => {
      const request = readPageArgs(args, LIMITS);
      const attempt = args.attempt ?? null;
      const rows = await readActivities(services.db, id, {
        attempt,
        limit: request.limit + 1,
        backward: request.backward,
        ...(request.after !== undefined && { after: decodeActivityCursor(request.after) }),
        ...(request.before !== undefined && { before: decodeActivityCursor(request.before) }),
      });
      const page = withoutSurplus(rows, request);
      const edges = page.rows.map((node) => ({ cursor: encodeActivityCursor(node.id), node }));
      return pageOf(edges, page.more, request, () => countActivities(services.db, id, attempt));
    },
  }),
);
