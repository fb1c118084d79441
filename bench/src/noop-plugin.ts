/** Step types that do nothing, so that what is measured is Signalbox and not the steps. */
import { definePlugin, defineStepType } from '@signalbox/plugin-sdk';
import { wallClockMs } from './measure/wall-clock.ts';

const noConfig = { type: 'object', properties: {} } as const;

const noop = defineStepType<Record<string, never>, null>({
  type: 'bench.noop',
  title: 'Nothing',
  description: 'Does nothing.',
  config: noConfig,
  repeatable: true,
  run: async () => null,
});

const clock = defineStepType<Record<string, never>, { at: number }>({
  type: 'bench.clock',
  title: 'Clock',
  description: 'Tells when its code ran, in milliseconds since 1970.',
  config: noConfig,
  repeatable: true,
  run: async () => ({ at: wallClockMs() }),
});

export default definePlugin({ name: 'signalbox-bench', version: '1.0.0', contract: 1, stepTypes: [noop, clock] });
