import type { JobFilter as JobFilterShape } from '@signalbox/db/job-filter';
import { type JsonMatch as JsonMatchShape, readPointer } from '@signalbox/db/json-match';
import { builder } from '../builder.ts';
import { requestError } from '../request-error.ts';
import { JobPriority, JobStatus } from './statuses.ts';

const LONGEST_POINTER = 1_000;

builder.scalarType('JsonPointer', {
  description:
    'A place in a JSON value, as of RFC 6901: `/customer/id`, `/items/0`; `~1` for a / in a key and `~0` for a ~. Empty for the whole.',
  serialize: String,
  parseValue: (value) => {
    if (typeof value === 'string' && value.length <= LONGEST_POINTER && readPointer(value)) return value;
    throw requestError(
      'A JSON pointer is a text such as "/customer/id": a / before each key, "~1" for a / within one and "~0" for a ~, 1000 characters at most.',
    );
  },
});

const JsonMatch = builder.inputRef<JsonMatchShape>('JsonMatch').implement({
  description:
    'What stands at one place of a JSON value. Everything given must hold; with the path alone, that there is something other than null.',
  fields: (t) => ({
    path: t.field({ type: 'JsonPointer', required: true, description: 'The place.' }),
    equals: t.field({
      type: 'JSON',
      description: 'Exactly this value. Quick however many jobs there are. For null use `exists: false`.',
    }),
    contains: t.string({
      description:
        'This text in the value, in any case; of what is no text, in its JSON. Looks at each job that the rest of the filter leaves.',
    }),
    exists: t.boolean({
      description:
        'True: something other than null. False: nothing, or null. Looks at each job that the rest of the filter leaves.',
    }),
  }),
});

export const JobFilter = builder.inputRef<JobFilterShape>('JobFilter').implement({
  description: 'Which jobs; everything given must hold, and an empty list is no restriction.',
  fields: (t) => ({
    status: t.field({ type: [JobStatus], description: 'In one of these states.' }),
    workflow: t.stringList({ description: 'Of one of these workflows, by slug.' }),
    schedule: t.idList({ description: 'Made by one of these schedules, by id.' }),
    search: t.string({
      description:
        'With this text in the name or slug of the workflow, in the subject, in a label or in the error, in any case; or with an id that begins or ends with it (3 characters or more).',
    }),
    subject: t.string({ description: 'About exactly this.' }),
    labels: t.stringList({ description: 'With all of these labels.' }),
    priority: t.field({ type: [JobPriority], description: 'With one of these priorities.' }),
    createdAfter: t.field({ type: 'DateTime', description: 'Created later than this.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Created earlier than this.' }),
    input: t.field({
      type: [JsonMatch],
      description: 'With an input that is like this at all of these places; 50 at most, with those of the output.',
    }),
    output: t.field({
      type: [JsonMatch],
      description: 'With an output that is like this at all of these places; jobs have none before they are COMPLETED.',
    }),
  }),
});
