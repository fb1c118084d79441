/** Expected failures as members of result unions. The classes are thrown by core, db and this package; here they get their names. */
import type { Issue } from '@signalbox/core/issues';
import { ConflictError, InvalidInputError, NotFoundError } from '@signalbox/db/failures';
import { builder } from '../builder.ts';
import { ForbiddenError } from '../forbidden.ts';
import { JobAction } from './statuses.ts';

export const ErrorInterface = builder.interfaceRef<Error>('Error').implement({
  description: 'An expected failure: part of a result union, made to be shown to people.',
  // ConflictError is Conflict, and so on.
  resolveType: ({ name }) => name.replace(/Error$/, ''),
  fields: (t) => ({
    message: t.exposeString('message', {
      description: 'What is wrong and what to do about it, in one or two sentences.',
    }),
    code: t.string({
      description: 'INVALID_INPUT, NOT_FOUND, FORBIDDEN or CONFLICT: one for each type, and never another meaning.',
      resolve: codeOf,
    }),
  }),
});

/** By name, since the errors come here wrapped, and a wrapped one is no instance of its class. */
const CODES: Readonly<Record<string, string>> = {
  InvalidInputError: 'INVALID_INPUT',
  NotFoundError: 'NOT_FOUND',
  ForbiddenError: 'FORBIDDEN',
  ConflictError: 'CONFLICT',
};

function codeOf({ name }: Error): string {
  return CODES[name] ?? 'CONFLICT';
}

export const InputIssue = builder.objectRef<Issue>('InputIssue').implement({
  description: 'One thing wrong with what was sent.',
  fields: (t) => ({
    path: t.exposeString('path', {
      description:
        "JSON pointer to the culprit, empty for the whole: into the workflow's input (`/repository`) when a job is made, into the form (`/version`) when an approval is decided, into the document (`/steps/0/with`) when a workflow is saved or validated.",
    }),
    message: t.exposeString('message', { description: 'What is wrong with it.' }),
    line: t.exposeInt('line', {
      nullable: true,
      description: 'Line in the source, from 1; null when no source was sent.',
    }),
    column: t.exposeInt('column', {
      nullable: true,
      description: 'Column in that line, from 1; null when no source was sent.',
    }),
  }),
});

builder.objectType(InvalidInputError, {
  name: 'InvalidInput',
  description: 'What was sent cannot be worked with. Nothing was changed.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    issues: t.expose('issues', {
      type: [InputIssue],
      description: 'Everything that is wrong with it, at most 100 things.',
    }),
  }),
});

builder.objectType(NotFoundError, {
  name: 'NotFound',
  description: 'There is no such thing, or the viewer may not know of it.',
  interfaces: [ErrorInterface],
});

builder.objectType(ForbiddenError, {
  name: 'Forbidden',
  description: "The viewer's rights do not reach that far. Nothing was changed.",
  interfaces: [ErrorInterface],
});

builder.objectType(ConflictError, {
  name: 'Conflict',
  description: 'The state of the thing does not allow it. Nothing was changed.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    allowed: t.expose('allowed', {
      type: [JobAction],
      description: 'What the state of the job does allow; empty when no job is concerned.',
    }),
  }),
});
