/** Checks the names of tools, and what they are given, when a workflow is saved: as far as expressions and workers allow. */
import type { StepDefinition } from './definition.ts';
import type { Path } from './issues.ts';
import type { Json, JsonObject, ObjectSchema } from './json.ts';
import { didYouMean } from './names.ts';
import type { SourceIssues } from './source-issues.ts';
import { checkStepConfig } from './step-config.ts';
import { holdsExpression } from './template-scan.ts';

/** What workers offer. */
export interface KnownTools {
  /** The input of each tool, by the name that workflows write. */
  inputs: ReadonlyMap<string, ObjectSchema>;
  /** The MCP servers of the workers, and whether all tools of each are known. */
  servers: ReadonlyMap<string, boolean>;
}

const SERVER_PREFIX = 'mcp:';

export function checkTools(steps: readonly StepDefinition[], tools: KnownTools, issues: SourceIssues): void {
  for (const [index, step] of steps.entries()) {
    if (issues.full) return;
    const path: Path = ['steps', index, 'with'];
    if (step.type === 'tool') checkTool(step.with, path, tools, issues);
    if (step.type === 'agent' && Array.isArray(step.with.tools)) {
      for (const [at, name] of step.with.tools.entries()) checkName(name, [...path, 'tools', at], tools, issues, true);
    }
  }
}

function checkTool({ input = {}, tool }: JsonObject, path: Path, tools: KnownTools, issues: SourceIssues): void {
  if (!checkName(tool, [...path, 'tool'], tools, issues, false) || typeof tool !== 'string') return;
  // What a built-in tool is given is checked with the step type, whose schema knows it.
  const schema = tool.startsWith(SERVER_PREFIX) ? tools.inputs.get(tool) : undefined;
  if (schema && typeof input === 'object' && input !== null && !Array.isArray(input))
    issues.addBelow([...path, 'input'], checkStepConfig(schema, input));
}

/** @param whole a server may stand for all of its tools */
function checkName(
  name: Json | undefined,
  path: Path,
  tools: KnownTools,
  issues: SourceIssues,
  whole: boolean,
): boolean {
  if (typeof name !== 'string' || holdsExpression(name) || tools.inputs.has(name)) return typeof name === 'string';
  const problem = name.startsWith(SERVER_PREFIX) ? serverProblem(name, tools, whole) : unknownTool(name, tools);
  if (problem !== undefined) issues.add(path, problem);
  return problem === undefined;
}

function unknownTool(name: string, { inputs }: KnownTools): string {
  const builtIn = [...inputs.keys()].filter((known) => !known.startsWith(SERVER_PREFIX));
  const help = didYouMean(name, [...inputs.keys()]) || ` There are ${builtIn.join(', ')}, and mcp:SERVER/TOOL.`;
  return `There is no tool "${name}".${help}`;
}

function serverProblem(name: string, { inputs, servers }: KnownTools, whole: boolean): string | undefined {
  const [server = '', ...rest] = name.slice(SERVER_PREFIX.length).split('/');
  const tool = rest.join('/');
  const complete = servers.get(server);
  if (complete === undefined) {
    const there = [...servers.keys()];
    const help = didYouMean(server, there) || (there.length > 0 ? ` There are ${there.join(', ')}.` : '');
    return `No worker has an MCP server "${server}" among its mcpServers.${help}`;
  }
  if (tool === '' || tool === '*') return whole ? undefined : `Name a tool of the server: mcp:${server}/TOOL.`;
  if (!complete) return undefined;
  const prefix = `${SERVER_PREFIX}${server}/`;
  const offered = [...inputs.keys()].flatMap((known) => (known.startsWith(prefix) ? [known.slice(prefix.length)] : []));
  return `The MCP server "${server}" has no tool "${tool}".${didYouMean(tool, offered)}`;
}
