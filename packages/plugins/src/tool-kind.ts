import type { ObjectSchema, StepContext } from '@signalbox/plugin-sdk';

/** Something that a tool step, or an agent, can call: a built-in one or one of an MCP server. */
export interface Tool {
  /** What a workflow writes: `http.request`, or `mcp:SERVER/TOOL`. */
  name: string;
  title: string;
  /** What it does, for people and for models that choose among tools. */
  description: string;
  /** Validates the input. Defaults of built-in tools stand in descriptions: validators leave them out inside an `if`. */
  input: ObjectSchema;
  /** What it answers with, where that is known. */
  output?: ObjectSchema;
  run(input: Record<string, unknown>, ctx: StepContext<unknown>): Promise<Record<string, unknown>>;
}
