/** The visual form of a workflow: `nodes` and `edges` in the place of `steps`. A node is a step, an edge is one of its needs. */
import { isObject } from './fields.ts';
import type { Path } from './issues.ts';
import type { Json, JsonObject } from './json.ts';
import { didYouMean } from './names.ts';
import { orderSteps } from './step-graph.ts';

const NODE_FIELDS = ['id', 'type', 'position', 'data'];
const EDGE_FIELDS = ['id', 'source', 'target'];
/** What drawing libraries keep beside it; it means nothing here. */
const VIEW_FIELDS = [
  'width,height,measured,selected,dragging,draggable,selectable,connectable,deletable,focusable,hidden,zIndex,style,className',
  'positionAbsolute,sourcePosition,targetPosition,sourceHandle,targetHandle,handles,animated,label,markerStart,markerEnd',
].flatMap((names) => names.split(','));
/** They stand elsewhere in a drawing. */
const NOT_IN_DATA: Readonly<Record<string, string>> = {
  key: 'The key of the step is the "id" of its node.',
  type: 'The type of the step is the "type" of its node.',
  needs: 'What the step needs is drawn as "edges".',
  position: '"position" stands beside "data".',
};

export interface DrawingProblem {
  path: Path;
  message: string;
  of?: 'key' | 'value';
}

export interface DrawnWorkflow {
  /** The workflow with `steps`, as if it had been written so. */
  value: JsonObject;
  problems: DrawingProblem[];
  /** Where in the drawing something stands that is said about the steps. */
  place(path: Path): Path;
}

interface Edge {
  at: number;
  source: string;
  target: string;
}

interface Node {
  at: number;
  id: string;
  object: JsonObject;
  edges: Edge[];
}

/** Undefined for a workflow that is not drawn. */
export function readDrawing(workflow: JsonObject): DrawnWorkflow | undefined {
  if (!Object.hasOwn(workflow, 'nodes') && !Object.hasOwn(workflow, 'edges')) return undefined;
  const { edges: drawnEdges = [], nodes: drawnNodes, steps, ...rest } = workflow;
  const problems: DrawingProblem[] = [];
  if (steps !== undefined)
    problems.push({ path: ['nodes'], message: 'Write either "steps" or "nodes" with "edges", not both.', of: 'key' });
  const nodes = readNodes(drawnNodes, problems);
  readEdges(drawnEdges, nodes, problems);
  const sorted = inOrder(nodes);
  return { value: { ...rest, steps: sorted.map(stepOf) }, problems, place: (path) => placeOf(path, sorted) };
}

function readNodes(drawn: Json | undefined, problems: DrawingProblem[]): Node[] {
  if (!Array.isArray(drawn)) {
    problems.push({ path: ['nodes'], message: '"nodes" must be a list with one node for each step.' });
    return [];
  }
  return drawn.flatMap((object, at): Node[] => {
    const path = ['nodes', at];
    if (!isObject(object)) {
      problems.push({ path, message: 'A node is an object with id, type and data.' });
      return [];
    }
    complainAboutFields(object, NODE_FIELDS, path, problems);
    const { data = {}, id } = object;
    if (!isObject(data))
      problems.push({
        path: [...path, 'data'],
        message: '"data" must be an object with the fields of the step, such as with.',
      });
    else
      for (const [name, message] of Object.entries(NOT_IN_DATA))
        if (Object.hasOwn(data, name)) problems.push({ path: [...path, 'data', name], message, of: 'key' });
    if (typeof id !== 'string') {
      problems.push({ path: [...path, 'id'], message: '"id" is required and must be text, such as build.' });
      return [];
    }
    return [{ at, id, object, edges: [] }];
  });
}

function readEdges(drawn: Json, nodes: readonly Node[], problems: DrawingProblem[]): void {
  if (!Array.isArray(drawn)) {
    problems.push({ path: ['edges'], message: '"edges" must be a list of objects with source and target.' });
    return;
  }
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const [at, edge] of drawn.entries()) {
    const path = ['edges', at];
    if (!isObject(edge)) {
      problems.push({ path, message: 'An edge is an object with source and target.' });
      continue;
    }
    complainAboutFields(edge, EDGE_FIELDS, path, problems);
    for (const end of ['source', 'target']) {
      const id = edge[end];
      if (typeof id !== 'string')
        problems.push({ path: [...path, end], message: `"${end}" is required and must be the id of a node.` });
      else if (!byId.has(id))
        problems.push({
          path: [...path, end],
          message: `There is no node "${id}".${didYouMean(id, [...byId.keys()])}`,
        });
    }
    const { source, target } = edge;
    if (typeof target === 'string' && typeof source === 'string' && byId.has(source))
      byId.get(target)?.edges.push({ at, source, target });
  }
}

function complainAboutFields(
  object: JsonObject,
  known: readonly string[],
  path: Path,
  problems: DrawingProblem[],
): void {
  const drawn = path[0] === 'edges' ? [...VIEW_FIELDS, 'type', 'data'] : VIEW_FIELDS;
  for (const name of Object.keys(object)) {
    if (known.includes(name) || drawn.includes(name)) continue;
    const help = didYouMean(name, known) || (path[0] === 'nodes' ? ' The fields of the step stand under "data".' : '');
    problems.push({ path: [...path, name], message: `Unknown field "${name}".${help}`, of: 'key' });
  }
}

/** As they were drawn, if each stands behind what it needs; else in an order in which each does. */
function inOrder(nodes: Node[]): Node[] {
  const steps = nodes.map(({ edges, id }) => ({ key: id, needs: edges.map(({ source }) => source) }));
  const placed = new Set<string>();
  const isOrdered = steps.every(({ key, needs }) => {
    placed.add(key);
    return needs.every((need) => placed.has(need));
  });
  const { circles, order } = orderSteps(steps);
  return isOrdered || circles.length > 0 ? nodes : order.flatMap((index) => nodes[index] ?? []);
}

function stepOf({ edges, id, object: { data, position, type } }: Node): JsonObject {
  const { label, ...fields } = isObject(data) ? data : {};
  for (const name of Object.keys(NOT_IN_DATA)) delete fields[name];
  return {
    ...(label !== undefined && fields.name === undefined && { name: label }),
    ...fields,
    key: id,
    ...(type !== undefined && { type }),
    ...(position !== undefined && { position }),
    needs: edges.map(({ source }) => source),
  };
}

function placeOf(path: Path, nodes: readonly Node[]): Path {
  const [root, index, field, ...rest] = path;
  if (root !== 'steps') return path;
  const node = typeof index === 'number' ? nodes[index] : undefined;
  if (!node) return ['nodes'];
  const at = ['nodes', node.at];
  if (field === undefined) return at;
  if (field === 'key') return [...at, 'id'];
  if (field === 'type' || field === 'position') return [...at, field, ...rest];
  if (field !== 'needs') return [...at, 'data', ...placeInData(node, field), ...rest];
  const edge = node.edges[typeof rest[0] === 'number' ? rest[0] : 0];
  return edge ? ['edges', edge.at, 'source'] : at;
}

function placeInData({ object: { data } }: Node, field: string | number): Path {
  const isLabel = field === 'name' && isObject(data) && data.name === undefined && data.label !== undefined;
  return [isLabel ? 'label' : field];
}
