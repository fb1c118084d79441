import { coordGreedy, coordSimplex, decrossTwoLayer, graphStratify, layeringLongestPath, sugiyama } from 'd3-dag';

export interface GraphStep {
  key: string;
  needs: readonly string[];
}

export interface Place {
  x: number;
  y: number;
}

export const NODE_WIDTH = 196;
export const NODE_HEIGHT = 50;
const GAP = [24, 44] as const;

/** Up to so many steps the straightest lines are looked for; beyond that it would be felt. */
const SMALL = 80;

/** Where each step stands in the drawing, by keys: what is needed above what needs it. */
export function layoutGraph(steps: readonly GraphStep[]): Map<string, Place> {
  if (steps.length === 0) return new Map();
  const known = new Set(steps.map(({ key }) => key));
  const graph = graphStratify()(
    steps.map(({ key, needs }) => ({ id: key, parentIds: needs.filter((need) => known.has(need)) })),
  );
  const layers = sugiyama()
    .layering(layeringLongestPath())
    .decross(decrossTwoLayer())
    .nodeSize([NODE_WIDTH, NODE_HEIGHT])
    .gap(GAP);
  if (steps.length <= SMALL) layers.coord(coordSimplex())(graph);
  else layers.coord(coordGreedy())(graph);
  const places = new Map<string, Place>();
  for (const node of graph.nodes()) {
    places.set(node.data.id, { x: node.x - NODE_WIDTH / 2, y: node.y - NODE_HEIGHT / 2 });
  }
  return places;
}
