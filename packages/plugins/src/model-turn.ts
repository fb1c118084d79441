import type { Activity, CostEntry, StepContext } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';
import type { JSONSchema7, LanguageModelUsage, ModelMessage, ToolSet, TypedToolCall } from 'ai';
import { jsonSchema, Output, streamText } from 'ai';
import type { ModelCall } from './model-call.ts';
import { modelFailure } from './model-failure.ts';
import { meterCall } from './model-meter.ts';
import { endStopped } from './stopped.ts';
import { TextLog } from './text-log.ts';
import type { Usage } from './usage.ts';

const LONGEST_ANSWER = 4 * 1024 * 1024;

/** What came of it. */
export interface ModelTurn {
  text: string;
  usage: Usage;
  cost: CostEntry;
  toolCalls: TypedToolCall<ToolSet>[];
  /** What the model said, and what was wrong with tool calls that were none, to be sent along with the next call. */
  messages: ModelMessage[];
  activity: Activity | undefined;
}

/** Asks a model, and logs its answer while it comes. What it costs is reserved before and counted after, however it ends. */
export async function takeTurn(ctx: StepContext<{ budget?: unknown }>, call: ModelCall): Promise<ModelTurn> {
  const meter = await meterCall(ctx, call);
  const answer: Answer = { text: '', toolCalls: [], messages: [] };
  try {
    await streamAnswer(ctx, { ...call, maxOutputTokens: meter.maxOutputTokens }, answer);
    if (!answer.usage) return await endStopped(ctx);
    const cost = await meter.finished(answer.usage, { text: answer.text, toolCalls: shownCalls(answer) });
    const { inputTokens = null, outputTokens = null } = answer.usage;
    return { ...answer, usage: { inputTokens, outputTokens }, cost, activity: meter.activity };
  } catch (error) {
    const failure = ctx.signal.aborted ? undefined : modelFailure(call.model, error);
    await meter.brokeOff(answer.text, error, failure?.message);
    if (!failure) return endStopped(ctx);
    throw failure;
  }
}

interface Answer {
  text: string;
  toolCalls: TypedToolCall<ToolSet>[];
  messages: ModelMessage[];
  /** Absent until it has come to its end. */
  usage?: LanguageModelUsage;
}

async function streamAnswer(ctx: StepContext<unknown>, call: ModelCall, answer: Answer): Promise<void> {
  const { connection, maxOutputTokens, messages, model, output: schema, system, temperature, tools } = call;
  const ended = new AbortController();
  const log = new TextLog(ctx);
  const result = streamText({
    model: connection,
    messages,
    ...(system === undefined ? {} : { instructions: system }),
    ...(tools === undefined ? {} : { tools }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(schema === undefined ? {} : { output: Output.object({ schema: jsonSchema(schema as JSONSchema7) }) }),
    // OpenAI's strict mode refuses most schemas that people write; the answer is checked here anyway.
    providerOptions: { openai: { strictJsonSchema: false } },
    abortSignal: AbortSignal.any([ctx.signal, ended.signal]),
    // The job's retry policy decides whether to try again.
    maxRetries: 0,
    // Errors come as parts of the stream too; without this they would be printed as well.
    onError: () => undefined,
  });
  try {
    for await (const part of result.stream) {
      if (part.type === 'text-delta') {
        answer.text += part.text;
        if (answer.text.length > LONGEST_ANSWER) throw tooLong(model);
        log.push(part.text);
      } else if (part.type === 'tool-call') {
        answer.toolCalls.push(part);
      } else if (part.type === 'finish') {
        log.end();
        if (part.finishReason === 'interrupted') throw cutOff(model);
        warnWhenCut(ctx, part.finishReason);
        answer.messages = await result.responseMessages;
        answer.usage = part.totalUsage;
      } else if (part.type === 'error') {
        throw part.error;
      }
    }
  } finally {
    log.end();
    ended.abort();
  }
}

function shownCalls({ toolCalls }: Answer): unknown[] {
  return toolCalls.map(({ input, toolName }) => ({ tool: toolName, input: input as unknown }));
}

function warnWhenCut(ctx: StepContext<unknown>, reason: string): void {
  if (reason === 'length') ctx.log('WARNING', 'The answer was cut at its token limit. Raise maxOutputTokens for more.');
  if (reason === 'content-filter') ctx.log('WARNING', "The answer was cut by the server's content filter.");
}

function cutOff(model: string): StepFailure {
  return new StepFailure(`The answer of ${model} broke off before its end.`, { category: 'NETWORK' });
}

function tooLong(model: string): StepFailure {
  const message = `The answer of ${model} is longer than 4 MiB. Set maxOutputTokens.`;
  return new StepFailure(message, { category: 'USER_INPUT', retryable: false });
}
