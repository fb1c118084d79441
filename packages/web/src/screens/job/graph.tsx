import { type Edge, MiniMap, ReactFlowProvider, useReactFlow } from '@xyflow/react';
import { useEffect, useEffectEvent, useMemo } from 'react';
import { useStable } from '../../app/use-stable.ts';
import { STEP_LOOKS } from '../../status/tone.ts';
import { layoutGraph, NODE_HEIGHT, NODE_WIDTH, type Place } from '../../timeline/graph-layout.ts';
import flow from '../../timeline/step-flow.module.css';
import { StepFlow } from '../../timeline/step-flow.tsx';
import { groupKeyOf, stepRows } from '../../timeline/step-rows.ts';
import classes from './graph.module.css';
import { GraphNode, type GraphNodeType } from './graph-node.tsx';
import type { StepOnPage } from './on-page.ts';
import type { TimelineProps } from './panel-props.ts';

const NODE_TYPES = { step: GraphNode };
/** More steps than this are easily lost sight of. */
const MAPPED = 14;
const NOTHING_OPEN: ReadonlySet<string> = new Set();

/** What needs what, as a drawing. The items of a step are one node. */
export default function Graph(props: TimelineProps) {
  return (
    <ReactFlowProvider>
      <Drawing {...props} />
    </ReactFlowProvider>
  );
}

function Drawing({ steps, selected, onChange, onLook }: TimelineProps) {
  const rows = useMemo(
    () => stepRows(steps, NOTHING_OPEN, undefined).filter(({ parent }) => parent === undefined),
    [steps],
  );
  // The layout depends on what needs what and not on how it goes.
  const shape = useStable(rows.map(({ step: { key, needs } }) => ({ key, needs })));
  const places = useMemo(() => layoutGraph(shape), [shape]);
  const chosen = useMemo(() => {
    const step = steps.find(({ key }) => key === selected);
    return (step && groupKeyOf(step)) ?? selected;
  }, [steps, selected]);

  const nodes = useMemo(
    () =>
      rows.map(
        ({ step, group }): GraphNodeType => ({
          id: step.key,
          type: 'step',
          position: places.get(step.key) ?? { x: 0, y: 0 },
          width: NODE_WIDTH,
          height: NODE_HEIGHT,
          data: { step, group, selected: step.key === chosen, onSelect: () => onChange({ step: step.key }) },
        }),
      ),
    [rows, places, chosen, onChange],
  );
  const edges = useMemo(() => edgesOf(rows.map(({ step }) => step)), [rows]);
  useCamera(places, chosen);

  return (
    <div className={`${flow.frame} ${classes.root}`}>
      <StepFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        nodesConnectable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        onlyRenderVisibleElements={nodes.length > 100}
        minZoom={0.05}
        onMoveStart={(event) => event && onLook()}
      >
        {nodes.length > MAPPED && (
          <MiniMap<GraphNodeType>
            pannable
            zoomable
            ariaLabel="Map of all steps"
            nodeColor={({ data }) => `var(--sb-${toneOf(data.step)})`}
            maskColor="color-mix(in srgb, var(--sb-page) 70%, transparent)"
          />
        )}
      </StepFlow>
    </div>
  );
}

function toneOf(step: StepOnPage): string {
  const { tone } = STEP_LOOKS[step.status];
  return tone === 'skipped' || step.status === 'PENDING' ? 'line-strong' : tone;
}

function edgesOf(steps: readonly StepOnPage[]): Edge[] {
  const known = new Map(steps.map((step) => [step.key, step]));
  return steps.flatMap((step) =>
    step.needs.flatMap((need) => {
      const from = known.get(need);
      if (!from) return [];
      const way =
        from.status === 'SKIPPED' || step.status === 'SKIPPED' ? 'skipped' : isPassed(from) ? 'passed' : 'ahead';
      return [{ id: `${need} ${step.key}`, source: need, target: step.key, className: classes[way], focusable: false }];
    }),
  );
}

function isPassed({ status }: StepOnPage): boolean {
  return status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED';
}

/** Shows all of a small drawing; of a large one, the step that is selected. */
function useCamera(places: ReadonlyMap<string, Place>, selected: string | undefined): void {
  const { fitView, setCenter, getZoom, getViewport } = useReactFlow();
  const follow = useEffectEvent((key: string | undefined) => {
    const place = key === undefined ? undefined : places.get(key);
    const frame = document.querySelector(`.${classes.root}`)?.getBoundingClientRect();
    if (!place || !frame) return;
    const { x, y, zoom } = getViewport();
    const left = place.x * zoom + x;
    const top = place.y * zoom + y;
    const inside =
      left >= 0 && top >= 0 && left + NODE_WIDTH * zoom <= frame.width && top + NODE_HEIGHT * zoom <= frame.height;
    if (inside) return;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    void setCenter(place.x + NODE_WIDTH / 2, place.y + NODE_HEIGHT / 2, {
      zoom: Math.max(0.6, getZoom()),
      duration: still ? 0 : 250,
    });
  });
  const begin = useEffectEvent(() => {
    const large = places.size > MAPPED;
    void fitView({ padding: 0.12, maxZoom: 1, minZoom: large ? 0.7 : 0.4 }).then(() => large && follow(selected));
  });
  useEffect(() => {
    if (places.size > 0) begin();
  }, [places]);
  useEffect(() => follow(selected), [selected]);
}
