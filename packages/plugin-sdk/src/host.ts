// Between the host and its built-in step types. No part of the contract with plugin authors, and may change at any time.
import type { StepContext } from './context.ts';
import type { ObjectSchema } from './schema.ts';

/** What the host gives to its built-in step types on top of the contract. */
export interface HostServices {
  /** The job's working folder, absolute; made now where it is missing, since most steps need none. */
  folder(): Promise<string>;
  /** The value of a setting that is no secret, by the name of its variable; undefined when it is not set. */
  setting(name: string): string | undefined;
  /** The MCP servers of the configuration. */
  servers: ToolServers;
}

export interface ToolServers {
  /** The servers' names, in the order of the alphabet. */
  names: readonly string[];
  /** What a server offers. Throws a StepFailure when it cannot be reached. */
  list(server: string, ctx: StepContext<unknown>): Promise<ServerTool[]>;
  /** Calls a tool of a server, its progress and log lines going to the step. Throws a StepFailure, also for a result that is an error. */
  call(
    server: string,
    tool: string,
    input: Record<string, unknown>,
    ctx: StepContext<unknown>,
  ): Promise<ServerToolResult>;
}

export interface ServerTool {
  /** As the server calls it. */
  name: string;
  title?: string;
  description?: string;
  input: ObjectSchema;
  output?: ObjectSchema;
}

export type ServerToolResult = {
  /** The blocks of the result, as the server gave them. */
  content: Record<string, unknown>[];
  /** The result as a value, from servers that give one. */
  structured: unknown;
  /** The texts of the blocks, one after the other. */
  text: string;
};

// An own enumerable property, so that a copy of a context (`{ ...ctx, log }`) has it too.
const HOST = Symbol.for('signalbox.host');

type Hosted = { [HOST]?: HostServices };

/** Gives the services to a context. */
export function provideHost(ctx: StepContext<never> | StepContext<unknown>, services: HostServices): void {
  (ctx as Hosted)[HOST] = services;
}

/** The services of a context; throws where a step type of ours runs in a host that gives none. */
export function hostOf(ctx: StepContext<unknown>): HostServices {
  const services = (ctx as Hosted)[HOST];
  if (!services) throw new Error('This step type runs only where the host provides its services.');
  return services;
}
