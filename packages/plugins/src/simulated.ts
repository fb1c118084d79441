import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FailureCategory, LogLevel, ObjectSchema, StepContext } from '@signalbox/plugin-sdk';
import { definePlugin, defineStepType, StepFailure } from '@signalbox/plugin-sdk';
import { DURATION_PATTERN, parseDuration } from './duration.ts';
import { seededRandom } from './seeded-random.ts';
import { endStopped } from './stopped.ts';

export type SimulatedConfig = {
  duration?: string;
  durationMs?: number;
  ticks?: number;
  logLines?: number;
  failureRate?: number;
  failWith?: FailureCategory;
  seed?: number;
  output?: unknown;
};
export type SimulatedOutput = { ticks: number; durationMs: number; seed: number; output?: unknown };

const DEFAULTS = { durationMs: 2_000, ticks: 10, failureRate: 0.05 };
const CATEGORIES: FailureCategory[] = [
  'USER_INPUT',
  'CONFIGURATION',
  'TIMEOUT',
  'RATE_LIMIT',
  'AUTH',
  'NETWORK',
  'PROCESS',
  'BUDGET',
  'PLUGIN',
];
/** A tick that writes more lines than this lets the log drain in between. */
const LINES_AT_ONCE = 500;

const config: ObjectSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  properties: {
    duration: {
      type: 'string',
      pattern: DURATION_PATTERN,
      title: 'Duration',
      description:
        'How long the step takes, such as 500ms, 8s or 2m. 2 seconds when neither this nor durationMs is given.',
    },
    durationMs: {
      type: 'integer',
      minimum: 0,
      maximum: 86_400_000,
      title: 'Duration in milliseconds',
      description: 'The same as a number; duration wins when both are given.',
    },
    ticks: {
      type: 'integer',
      minimum: 1,
      maximum: 10_000,
      default: DEFAULTS.ticks,
      title: 'Ticks',
      description: 'Into how many parts the work falls; after each one progress is reported.',
    },
    logLines: {
      type: 'integer',
      minimum: 0,
      maximum: 1_000_000,
      title: 'Log lines',
      description: 'How many lines of mixed levels are written in all. Twice the ticks when absent.',
    },
    failureRate: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: DEFAULTS.failureRate,
      title: 'Failure rate',
      description: 'How likely an attempt is to fail somewhere on its way: 0 never, 1 always.',
    },
    failWith: {
      type: 'string',
      enum: CATEGORIES,
      default: 'NETWORK',
      title: 'Fail with',
      description: 'The category of a simulated failure, as retry policies name it.',
    },
    seed: {
      type: 'integer',
      minimum: 0,
      maximum: 4_294_967_295,
      title: 'Seed',
      description: 'The same seed and attempt number give the same lines and the same ending. Random when absent.',
    },
    output: {
      title: 'Output',
      description: 'Any value; handed on in the output under the same name.',
    },
  },
};

const output: ObjectSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['ticks', 'durationMs', 'seed'],
  properties: {
    ticks: { type: 'integer', title: 'Ticks', description: 'How many parts were done.' },
    durationMs: { type: 'number', title: 'Duration', description: 'Planned milliseconds.' },
    seed: { type: 'integer', title: 'Seed', description: 'Give it as seed to see the same again.' },
    output: { title: 'Output', description: 'What the configuration gave as output.' },
  },
};

export const simulated = defineStepType<SimulatedConfig, SimulatedOutput>({
  type: 'simulated',
  title: 'Simulated work',
  description: 'Takes time, reports progress, writes log lines of mixed levels and sometimes fails. Does nothing real.',
  icon: 'flask',
  config,
  output,
  repeatable: true,
  uses: ({ duration, durationMs }) => `${duration ?? `${durationMs ?? DEFAULTS.durationMs}ms`} of simulated work`,
  async run(ctx) {
    const { ticks = DEFAULTS.ticks, logLines = 2 * ticks, seed = randomInt(2 ** 32) } = ctx.config;
    const durationMs = plannedDuration(ctx.config);
    // A retry with a fixed seed must be able to end otherwise than the try before it.
    const random = seededRandom(seed + ctx.attempt.number - 1);
    const fails = random() < (ctx.config.failureRate ?? DEFAULTS.failureRate);
    const failingTick = fails ? 1 + Math.floor(random() * ticks) : undefined;

    ctx.log('INFO', `Simulating ${ticks} ticks in ${durationMs} ms with seed ${seed}.`);
    for (let tick = 1; tick <= ticks; tick += 1) {
      await rest(ctx, durationMs / ticks);
      const lines = Math.floor((logLines * tick) / ticks) - Math.floor((logLines * (tick - 1)) / ticks);
      await writeLines(ctx, lines, tick, random);
      if (tick === failingTick) {
        const message = `Simulated failure at tick ${tick} of ${ticks} (seed ${seed}). Set failureRate to 0 to avoid it.`;
        ctx.log('ERROR', message);
        throw new StepFailure(message, { category: ctx.config.failWith ?? 'NETWORK' });
      }
      ctx.progress((tick / ticks) * 100, `Tick ${tick} of ${ticks}`);
      await ctx.checkpoint();
    }
    ctx.log('SUCCESS', `All ${ticks} ticks are done.`);
    return { ticks, durationMs, seed, ...('output' in ctx.config ? { output: ctx.config.output } : {}) };
  },
});

export default definePlugin({ name: '@signalbox/plugins', contract: 1, stepTypes: [simulated] });

function plannedDuration({ duration, durationMs }: SimulatedConfig): number {
  if (duration === undefined) return durationMs ?? DEFAULTS.durationMs;
  const parsed = parseDuration(duration);
  if (parsed !== undefined) return parsed;
  throw new StepFailure(`"${duration}" is no duration. Write it like 500ms, 8s or 2m.`, { category: 'USER_INPUT' });
}

async function rest(ctx: StepContext<SimulatedConfig>, ms: number): Promise<void> {
  try {
    await delay(ms, undefined, { signal: ctx.signal });
  } catch (error) {
    if (ctx.signal.aborted) await endStopped(ctx);
    throw error;
  }
}

async function writeLines(ctx: StepContext<SimulatedConfig>, count: number, tick: number, random: () => number) {
  for (let line = 1; line <= count; line += 1) {
    const [level, text] = mixedLine(random());
    ctx.log(level, `Tick ${tick}, line ${line}: ${text}`);
    if (line % LINES_AT_ONCE === 0) await ctx.checkpoint();
  }
}

function mixedLine(chance: number): [LogLevel, string] {
  if (chance < 0.2) return ['DEBUG', 'looking at the details'];
  if (chance < 0.75) return ['INFO', 'working'];
  if (chance < 0.85) return ['SUCCESS', 'one part is done'];
  if (chance < 0.96) return ['WARNING', 'slower than expected'];
  return ['ERROR', 'one part went wrong and was left out'];
}
