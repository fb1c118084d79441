import type { StepContext } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';
import type { LanguageModel, ModelMessage } from 'ai';
import type { AgentConfig, AgentOutput } from './agent-config.ts';
import { DEFAULT_TURNS } from './agent-config.ts';
import { AgentTools } from './agent-tools.ts';
import { connectModel } from './chat-model.ts';
import { readValue, repairRequest, unfit } from './model-answer.ts';
import { type ModelTurn, takeTurn } from './model-turn.ts';
import { addUsage, type Usage } from './usage.ts';

/** An agent at work: it asks the model, calls the tools that the model wants, and asks again, until there is an answer. */
export class AgentRun {
  readonly #ctx: StepContext<AgentConfig>;
  readonly #model: string;
  readonly #connection: LanguageModel;
  readonly #messages: ModelMessage[];
  /** How many of the messages the model has seen. */
  #seen = 0;
  #turns = 0;
  #toolCalls = 0;
  #usage: Usage = { inputTokens: 0, outputTokens: 0 };
  #repaired = false;

  constructor(ctx: StepContext<AgentConfig>, model: string) {
    this.#ctx = ctx;
    this.#model = model;
    this.#connection = connectModel(ctx, model);
    this.#messages = [{ role: 'user', content: ctx.config.prompt }];
  }

  async run(): Promise<AgentOutput> {
    const { maxTurns = DEFAULT_TURNS, tools: names = [] } = this.#ctx.config;
    const tools = await AgentTools.open(names, this.#ctx);
    while (this.#turns < maxTurns) {
      // Between two turns is a good place to stop: a call that is under way is stopped by the signal.
      await this.#ctx.checkpoint();
      const turn = await this.#ask(tools);
      if (turn.toolCalls.length === 0) {
        const answer = await this.#answerOf(turn);
        if (answer) return answer;
      } else if (this.#turns < maxTurns) {
        this.#toolCalls += turn.toolCalls.length;
        this.#messages.push(...(await tools.call(turn)));
      }
    }
    const message = `The agent has not come to its end within ${maxTurns} ${maxTurns === 1 ? 'turn' : 'turns'}. Raise maxTurns, or ask for less.`;
    throw new StepFailure(message, { category: 'BUDGET', retryable: false });
  }

  async #ask(tools: AgentTools): Promise<ModelTurn> {
    const { maxOutputTokens, output, system, temperature } = this.#ctx.config;
    const fresh = this.#messages.slice(this.#seen);
    const turn = await takeTurn(this.#ctx, {
      model: this.#model,
      connection: this.#connection,
      messages: [...this.#messages],
      fresh: this.#turns === 0 ? { system, messages: fresh, tools: tools.names } : { messages: fresh },
      system,
      tools: tools.forModel,
      output,
      temperature,
      maxOutputTokens,
    });
    this.#turns += 1;
    this.#usage = addUsage(this.#usage, turn.usage);
    this.#messages.push(...turn.messages);
    this.#seen = this.#messages.length;
    this.#ctx.log('DEBUG', `Turn ${this.#turns}: ${spentOn(turn)}`);
    return turn;
  }

  /** Undefined when the model is to be asked once more, since its answer does not fit. */
  async #answerOf({ text }: ModelTurn): Promise<AgentOutput | undefined> {
    const answer = { text, model: this.#model, usage: this.#usage, turns: this.#turns, toolCalls: this.#toolCalls };
    const schema = this.#ctx.config.output;
    if (schema === undefined) return answer;
    const reading = await readValue(text, schema);
    if ('value' in reading) return { ...answer, value: reading.value };
    if (this.#repaired) throw unfit(this.#model, reading.problem);
    this.#repaired = true;
    this.#messages.push(repairRequest(this.#ctx, reading.problem));
    return undefined;
  }
}

function spentOn({ cost, toolCalls }: ModelTurn): string {
  const tokens = `${cost.inputTokens ?? '?'} + ${cost.outputTokens ?? '?'} tokens`;
  const price = cost.microUsd === undefined ? 'price unknown' : `$${(Number(cost.microUsd) / 1_000_000).toFixed(6)}`;
  const calls =
    toolCalls.length === 0 ? 'an answer' : `${toolCalls.length} tool ${toolCalls.length === 1 ? 'call' : 'calls'}`;
  return `${tokens}, ${price}, ${calls}`;
}
