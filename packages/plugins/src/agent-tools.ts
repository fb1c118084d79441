import type { Activity, StepContext } from '@signalbox/plugin-sdk';
import type { JSONSchema7, JSONValue, ModelMessage, ToolResultPart, ToolSet } from 'ai';
import { jsonSchema, tool } from 'ai';
import type { ModelTurn } from './model-turn.ts';
import { endStopped } from './stopped.ts';
import type { Tool } from './tool-kind.ts';
import { openTools } from './tools.ts';

/** Models may have room for little; what is longer is cut, and the cut is told. */
const LONGEST_RESULT = 64 * 1024;
const LONGEST_SHOWN = 300;
const LONGEST_NAME = 64;

type ToolCall = ModelTurn['toolCalls'][number];

/** The tools of one agent: as the model sees them, and as they are called. */
export class AgentTools {
  readonly #ctx: StepContext<unknown>;
  /** By the name that the model knows them by: its names allow only letters, digits, _ and -. */
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly forModel: ToolSet | undefined;

  private constructor(ctx: StepContext<unknown>, tools: ReadonlyMap<string, Tool>) {
    this.#ctx = ctx;
    this.#tools = tools;
    const described = [...tools].map(([name, { description, input }]) => {
      return [name, tool({ description, inputSchema: jsonSchema(input as JSONSchema7) })];
    });
    this.forModel = described.length === 0 ? undefined : Object.fromEntries(described);
  }

  /** Throws a CONFIGURATION failure for a name that is not there. */
  static async open(names: readonly string[], ctx: StepContext<unknown>): Promise<AgentTools> {
    const tools = new Map<string, Tool>();
    for (const found of names.length === 0 ? [] : await openTools(names, ctx))
      tools.set(freeName(found.name, tools), found);
    return new AgentTools(ctx, tools);
  }

  /** As the workflow calls them. */
  get names(): string[] {
    return [...this.#tools.values()].map(({ name }) => name);
  }

  /**
   * Does what a turn asks for, all at once. What goes wrong is told to the model, which may do better; calls that are none
   * have been answered already.
   */
  async call({ activity, toolCalls }: ModelTurn): Promise<ModelMessage[]> {
    const results = await Promise.all(toolCalls.map((call) => this.#callOne(call, activity)));
    const content = results.filter((result) => result !== undefined);
    return content.length === 0 ? [] : [{ role: 'tool', content }];
  }

  async #callOne(call: ToolCall, parent: Activity | undefined): Promise<ToolResultPart | undefined> {
    const { input, toolCallId, toolName } = call;
    const found = this.#tools.get(toolName);
    const name = found?.name ?? toolName;
    const activity = this.#ctx.activity?.({
      kind: 'TOOL_CALL',
      name,
      input: input as unknown,
      ...(parent && { parent }),
    });
    if (!found || call.invalid) {
      const error = `The model's call of ${name} is none: ${reasonOf(call)}`;
      activity?.end({ status: 'FAILED', error });
      this.#ctx.log('WARNING', error);
      return undefined;
    }
    this.#ctx.log('INFO', `→ ${name} ${shown(input)}`);
    const result = (output: ToolResultPart['output']): ToolResultPart => {
      return { type: 'tool-result', toolCallId, toolName, output };
    };
    const begun = performance.now();
    try {
      const output = await found.run(input as Record<string, unknown>, this.#ctx);
      activity?.end({ status: 'COMPLETED', output });
      this.#ctx.log('INFO', `← ${name} in ${seconds(begun)}: ${shown(output)}`);
      return result(forModel(output));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (this.#ctx.signal.aborted) {
        activity?.end({ status: 'CANCELLED', error: message });
        return endStopped(this.#ctx);
      }
      activity?.end({ status: 'FAILED', error: message });
      this.#ctx.log('WARNING', `← ${name} failed after ${seconds(begun)}: ${message}`);
      return result({ type: 'error-text', value: message.slice(0, LONGEST_RESULT) });
    }
  }
}

function forModel(output: Record<string, unknown>): ToolResultPart['output'] {
  const text = JSON.stringify(output);
  if (text.length <= LONGEST_RESULT) return { type: 'json', value: JSON.parse(text) as JSONValue };
  return { type: 'text', value: `${text.slice(0, LONGEST_RESULT)}… (cut: it has ${text.length} characters)` };
}

/** `http.request` is `http_request` for the model, and the second tool that comes to the same name gets a number. */
function freeName(name: string, taken: ReadonlyMap<string, Tool>): string {
  const plain = name.replaceAll(/[^A-Za-z0-9_-]+/g, '_').slice(0, LONGEST_NAME);
  for (let number = 2, free = plain; ; number += 1) {
    if (!taken.has(free)) return free;
    free = `${plain.slice(0, LONGEST_NAME - 1 - String(number).length)}_${number}`;
  }
}

function reasonOf({ error, toolName }: ToolCall): string {
  const text = error instanceof Error ? error.message : `there is no tool ${toolName}`;
  return text.split('\n', 1)[0] ?? '';
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

function seconds(begun: number): string {
  return `${((performance.now() - begun) / 1_000).toFixed(1)} s`;
}
