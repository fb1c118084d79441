import type { Activity, CostEntry, Reservation, StepContext } from '@signalbox/plugin-sdk';
import { asSchema, type LanguageModelUsage } from 'ai';
import { limitOf } from './budget-config.ts';
import type { ModelCall } from './model-call.ts';
import { wasNotTaken } from './model-failure.ts';
import { isFree, PRICE_VERSION, type PricedUsage, priceOf } from './model-price.ts';

/** Of calls that a budget counts, where the workflow gives no limit: without one there is no upper bound to reserve. */
const DEFAULT_OUTPUT_TOKENS = 4_096;
/** What servers add to a request, such as the frame of each message. */
const FRAME_TOKENS = 64;
/** For what is not known exactly: English text has about four characters a token. */
const CHARACTERS_PER_TOKEN = 4;

/** Counts one call of a model: room in the budgets before, what it used after, and the activity that people see. */
export interface CallMeter {
  activity: Activity | undefined;
  /** What the call must be held to. */
  maxOutputTokens: number | undefined;
  /** Gives what it cost. */
  finished(usage: LanguageModelUsage, answer: { text: string; toolCalls: unknown[] }): Promise<CostEntry>;
  /** @param message what is told about it; absent when it was stopped */
  brokeOff(text: string, error: unknown, message: string | undefined): Promise<void>;
}

/** Takes room in the budgets: throws where there is none. */
export async function meterCall(ctx: StepContext<{ budget?: unknown }>, call: ModelCall): Promise<CallMeter> {
  const { model } = call;
  const startedAt = new Date();
  const size = await requestSize(call);
  const outputTokens = call.maxOutputTokens ?? DEFAULT_OUTPUT_TOKENS;
  const reservation = await reserveFor(
    ctx,
    call,
    size + FRAME_TOKENS * (call.messages.length + 1),
    outputTokens,
    startedAt,
  );
  const activity = ctx.activity?.({ kind: 'MODEL_TURN', name: model, input: call.fresh });

  const count = async (cost: CostEntry) => {
    if (reservation) await reservation.settle(cost);
    else ctx.cost(cost);
    return cost;
  };
  return {
    activity,
    maxOutputTokens: reservation?.limited ? outputTokens : call.maxOutputTokens,
    async finished(usage, answer) {
      const cost = await count(costOf(model, size, answer.text, usage, startedAt));
      activity?.end({ status: 'COMPLETED', output: answer, cost });
      return cost;
    },
    async brokeOff(text, error, message) {
      const nothingUsed = text === '' && !ctx.signal.aborted && wasNotTaken(error);
      const cost = nothingUsed ? undefined : await count(estimatedCost(model, size, text, startedAt));
      if (nothingUsed) await reservation?.release();
      activity?.end({
        status: message === undefined ? 'CANCELLED' : 'FAILED',
        output: text === '' ? undefined : { text },
        ...(message === undefined ? {} : { error: message }),
        ...(cost === undefined ? {} : { cost }),
      });
    },
  };
}

async function reserveFor(
  ctx: StepContext<{ budget?: unknown }>,
  { model }: ModelCall,
  inputTokens: number,
  outputTokens: number,
  at: Date,
): Promise<Reservation | undefined> {
  const limit = limitOf(ctx.config.budget);
  const microUsd = priceOf(model, { inputTokens, outputTokens }, at);
  return ctx.reserve?.({
    model,
    tokens: inputTokens + outputTokens,
    ...(microUsd === undefined ? {} : { microUsd }),
    ...(limit === undefined ? {} : { limit }),
  });
}

/** Bytes of what is sent. No tokeniser makes more tokens than that of a text. */
async function requestSize({ messages, output, system, tools = {} }: ModelCall): Promise<number> {
  const described = await Promise.all(
    Object.entries(tools).map(async ([name, { description, inputSchema }]) => {
      return [name, description, await asSchema(inputSchema).jsonSchema];
    }),
  );
  return Buffer.byteLength(JSON.stringify([messages, system, described, output]));
}

/** What the server says. One that says nothing leaves an estimate, since what is not known is not nothing. */
function costOf(model: string, size: number, text: string, usage: LanguageModelUsage, at: Date): CostEntry {
  const { inputTokenDetails, inputTokens, outputTokens } = usage;
  if (inputTokens === undefined || outputTokens === undefined) return estimatedCost(model, size, text, at);
  const { cacheReadTokens, cacheWriteTokens } = inputTokenDetails;
  return priced(model, { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }, at);
}

/** Servers tell what a call used at its end only: of one that broke off it is estimated, and marked as such. */
function estimatedCost(model: string, size: number, text: string, at: Date): CostEntry {
  const inputTokens = Math.ceil(size / CHARACTERS_PER_TOKEN);
  const outputTokens = Math.ceil(text.length / CHARACTERS_PER_TOKEN);
  return { ...priced(model, { inputTokens, outputTokens }, at), partial: true };
}

function priced(model: string, usage: PricedUsage, at: Date): CostEntry {
  const { inputTokens, outputTokens } = usage;
  const microUsd = priceOf(model, usage, at);
  if (microUsd === undefined) return { model, inputTokens, outputTokens };
  return { model, inputTokens, outputTokens, microUsd, ...(isFree(model) ? {} : { priceVersion: PRICE_VERSION }) };
}
