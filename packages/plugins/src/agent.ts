import { definePlugin, defineStepType } from '@signalbox/plugin-sdk';
import type { AgentConfig, AgentOutput } from './agent-config.ts';
import { agentConfig, agentOutput } from './agent-config.ts';
import { checkAnswer } from './answer-check.ts';
import { echo } from './offline-echo.ts';
import { OFFLINE_MODEL } from './prompt-config.ts';

export const agent = defineStepType<AgentConfig, AgentOutput>({
  type: 'agent',
  title: 'Agent',
  description: 'Lets a language model work on a task with tools, turn by turn, until it has an answer.',
  icon: 'robot',
  config: agentConfig,
  output: agentOutput,
  uses: ({ model, tools = [] }) => [model ?? OFFLINE_MODEL, tools.join(', ')].filter(Boolean).join(' with '),
  async run(ctx) {
    const { model = OFFLINE_MODEL, output: schema, tools = [] } = ctx.config;
    if (model === OFFLINE_MODEL) {
      const note = tools.length === 0 ? '' : ' None of its tools was used either.';
      return { ...(await echo(ctx, note)), turns: 1, toolCalls: 0 };
    }
    if (schema !== undefined) await checkAnswer(schema);
    // Only now: the client costs 20 MB and a fifth of a second, and many workers never ask a model.
    const { AgentRun } = await import('./agent-run.ts');
    return new AgentRun(ctx, model).run();
  },
});

export default definePlugin({ name: '@signalbox/plugins', contract: 1, stepTypes: [agent] });
