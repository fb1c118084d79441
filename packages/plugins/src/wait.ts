import type { ObjectSchema } from '@signalbox/plugin-sdk';
import { definePlugin, defineStepType, StepFailure } from '@signalbox/plugin-sdk';
import { DURATION_PATTERN, parseDuration } from './duration.ts';

export type WaitConfig = { for?: string; until?: string };
export type WaitOutput = { endedAt: string };

/** The last moment that every calendar in the system can tell. */
const LATEST = Date.parse('9999-01-01T00:00:00Z');

const config: ObjectSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  properties: {
    for: {
      type: 'string',
      pattern: DURATION_PATTERN,
      title: 'For',
      description: 'How long to wait, such as 500ms, 30s, 10m or 48h.',
    },
    until: {
      type: 'string',
      format: 'date-time',
      title: 'Until',
      description:
        'The moment to wait for, with its time zone, such as 2026-12-24T18:00:00Z. One that has passed is no wait.',
    },
  },
  oneOf: [{ required: ['for'] }, { required: ['until'] }],
};

const output: ObjectSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['endedAt'],
  properties: {
    endedAt: { type: 'string', format: 'date-time', title: 'Ended at', description: 'When the step went on.' },
  },
};

export const wait = defineStepType<WaitConfig, WaitOutput>({
  type: 'wait',
  title: 'Wait',
  description: 'Waits for a time or until a moment. No worker is held meanwhile.',
  icon: 'clock',
  config,
  output,
  repeatable: true,
  uses: ({ for: span, until }) => (span === undefined ? `until ${until}` : `for ${span}`),
  async run(ctx) {
    const until = ctx.resume ? undefined : endOf(ctx.config);
    if (until !== undefined && until > Date.now()) return { wait: { until: new Date(until) } };
    return { endedAt: new Date().toISOString() };
  },
});

export default definePlugin({ name: '@signalbox/plugins', contract: 1, stepTypes: [wait] });

function endOf({ for: span, until }: WaitConfig): number {
  const end = span === undefined ? Date.parse(until ?? '') : Date.now() + (parseDuration(span) ?? Number.NaN);
  if (end <= LATEST) return end;
  throw new StepFailure(
    `"${span ?? until}" is nothing that can be waited for: it is no time, or after the year 9999.`,
    {
      category: 'USER_INPUT',
      retryable: false,
    },
  );
}
