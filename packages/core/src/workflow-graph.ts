/** The other way round: the steps of a workflow as a drawing that can be changed and saved again. */
import { writeBudget } from './budget.ts';
import type { RetryPolicy, StepDefinition } from './definition.ts';
import { durationText } from './duration.ts';
import type { JsonObject } from './json.ts';
import { orderSteps } from './step-graph.ts';

export interface GraphNode {
  /** The key of the step. */
  id: string;
  type: string;
  position: { x: number; y: number };
  /** The other fields of the step, as a source writes them. */
  data: JsonObject;
}

export interface GraphEdge {
  id: string;
  source: string;
  target: string;
}

export interface WorkflowGraph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

const COLUMN_WIDTH = 260;
const ROW_HEIGHT = 120;

/** Steps that have no position of their own are put into columns: each to the right of what it needs. */
export function drawWorkflow(steps: readonly StepDefinition[]): WorkflowGraph {
  const places = layOut(steps);
  return {
    nodes: steps.map((step, index) => ({
      id: step.key,
      type: step.type,
      position: step.position ?? places[index] ?? { x: 0, y: 0 },
      data: dataOf(step),
    })),
    edges: steps.flatMap(({ key, needs }) => needs.map((source) => ({ id: `${source}->${key}`, source, target: key }))),
  };
}

function dataOf(step: StepDefinition): JsonObject {
  const {
    budget,
    if: condition,
    key,
    name,
    needs: _needs,
    position: _at,
    retry,
    timeoutMs,
    type: _type,
    with: config,
    ...rest
  } = step;
  return {
    ...(name !== key && { name }),
    ...(Object.keys(config).length > 0 && { with: config }),
    ...(condition !== undefined && { if: `\${{ ${condition} }}` }),
    ...(timeoutMs !== undefined && { timeout: durationText(timeoutMs) }),
    ...(retry !== undefined && { retry: retryOf(retry) }),
    ...(budget !== undefined && { budget: writeBudget(budget) }),
    ...rest,
  };
}

function retryOf({ delayMs, maxDelayMs, ...rest }: RetryPolicy): JsonObject {
  return { ...rest, delay: durationText(delayMs), maxDelay: durationText(maxDelayMs) };
}

function layOut(steps: readonly StepDefinition[]): { x: number; y: number }[] {
  const columns = new Map<string, number>();
  const heights: number[] = [];
  const places: { x: number; y: number }[] = [];
  for (const index of orderSteps(steps).order) {
    const step = steps[index];
    if (!step) continue;
    const column = Math.max(-1, ...step.needs.map((need) => columns.get(need) ?? -1)) + 1;
    const row = heights[column] ?? 0;
    columns.set(step.key, column);
    heights[column] = row + 1;
    places[index] = { x: column * COLUMN_WIDTH, y: row * ROW_HEIGHT };
  }
  return places;
}
