import { UnstyledButton } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import {
  type Connection,
  type Edge,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react';
import { memo, useEffect, useEffectEvent, useMemo } from 'react';
import { useStable } from '../../app/use-stable.ts';
import { makesLoop } from '../../source/edit.ts';
import type { SourceStep } from '../../source/read.ts';
import { StepTypeIcon } from '../../step-types/icon.tsx';
import { summaryOf } from '../../step-types/summary.ts';
import type { StepTypeInfo } from '../../step-types/use-step-types.ts';
import { layoutGraph, NODE_HEIGHT, NODE_WIDTH } from '../../timeline/graph-layout.ts';
import flow from '../../timeline/step-flow.module.css';
import { StepFlow } from '../../timeline/step-flow.tsx';
import classes from './drawing.module.css';

interface Props {
  steps: readonly SourceStep[];
  types: ReadonlyMap<string, StepTypeInfo>;
  selected: string | undefined;
  onSelect: (key: string) => void;
  /** Absent in a drawing that is only looked at. */
  onConnect?: (step: string, need: string) => void;
  onDisconnect?: (step: string, need: string) => void;
}

type StepNodeType = Node<
  { step: SourceStep; info: StepTypeInfo | undefined; selected: boolean; editable: boolean; onSelect: () => void },
  'step'
>;

const NODE_TYPES = { step: memo(StepNode) };

/** The steps of a workflow and what they need, as a drawing that can be drawn on. */
export default function Drawing(props: Props) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ steps, types, selected, onSelect, onConnect, onDisconnect }: Props) {
  const editable = onConnect !== undefined;
  const shape = useStable(steps.map(({ key, needs }) => ({ key, needs: [...needs] })));
  const places = useMemo(
    () => layoutGraph(isTree(shape) ? shape : shape.map(({ key }) => ({ key, needs: [] }))),
    [shape],
  );
  const nodes = steps.map(
    (step): StepNodeType => ({
      id: step.key,
      type: 'step',
      position: places.get(step.key) ?? { x: 0, y: 0 },
      width: NODE_WIDTH,
      height: NODE_HEIGHT,
      data: {
        step,
        info: types.get(step.type),
        selected: step.key === selected,
        editable,
        onSelect: () => onSelect(step.key),
      },
    }),
  );
  const keys = new Set(steps.map(({ key }) => key));
  const edges: Edge[] = steps.flatMap((step) =>
    step.needs
      .filter((need) => keys.has(need))
      .map((need) => ({ id: `${need} ${step.key}`, source: need, target: step.key })),
  );
  const { ref, height, width } = useElementSize();
  useCamera(`${shape.length} ${height} ${width}`);
  const isValid = ({ source, target }: Connection | Edge) => !makesLoop(steps, target, source);

  return (
    <div ref={ref} className={`${flow.frame} ${classes.root}`}>
      <StepFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgesFocusable={editable}
        elementsSelectable={editable}
        nodesConnectable={editable}
        deleteKeyCode={editable ? ['Delete', 'Backspace'] : null}
        isValidConnection={isValid}
        onConnect={({ source, target }) => onConnect?.(target, source)}
        onEdgesDelete={(gone) => {
          for (const { source, target } of gone) onDisconnect?.(target, source);
        }}
        minZoom={0.1}
      />
    </div>
  );
}

function StepNode({ data: { step, info, selected, editable, onSelect } }: NodeProps<StepNodeType>) {
  const summary = summaryOf(step.with, info?.configSchema);
  return (
    <>
      <Handle
        type="target"
        position={Position.Top}
        isConnectable={editable}
        className={editable ? classes.port : flow.handle}
      />
      <UnstyledButton
        className={`${flow.node} nodrag`}
        data-selected={selected || undefined}
        aria-pressed={selected}
        title={`${step.key}: ${info?.title ?? step.type}${summary ? `\n${summary}` : ''}`}
        onClick={onSelect}
      >
        <span className={classes.icon}>
          <StepTypeIcon icon={info?.icon} />
        </span>
        <span className={flow.text}>
          <span className={flow.name}>{step.name ?? step.key}</span>
          <span className={flow.note}>{summary || (info?.title ?? step.type)}</span>
        </span>
      </UnstyledButton>
      <Handle
        type="source"
        position={Position.Bottom}
        isConnectable={editable}
        className={editable ? classes.port : flow.handle}
      />
    </>
  );
}

/** Whether the steps can be put in an order; a text that is being written may say otherwise, or name a step twice. */
function isTree(steps: readonly { key: string; needs: string[] }[]): boolean {
  const settled = new Set<string>();
  const known = new Set(steps.map(({ key }) => key));
  if (known.size < steps.length) return false;
  for (let before = -1; settled.size > before; ) {
    before = settled.size;
    for (const { key, needs } of steps) {
      if (needs.every((need) => settled.has(need) || !known.has(need))) settled.add(key);
    }
  }
  return settled.size === known.size;
}

/** All of the drawing, whenever steps come or go or its frame changes. */
function useCamera(shape: string): void {
  const { fitView } = useReactFlow();
  const fit = useEffectEvent(() => void fitView({ padding: 0.15, maxZoom: 1, minZoom: 0.4 }));
  useEffect(() => {
    if (shape.startsWith('0 ')) return;
    const frame = requestAnimationFrame(() => fit());
    return () => cancelAnimationFrame(frame);
  }, [shape]);
}
