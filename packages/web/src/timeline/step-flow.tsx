import '@xyflow/react/dist/base.css';
import { Background, Controls, type Edge, type Node, ReactFlow, type ReactFlowProps } from '@xyflow/react';

/** Which step needs which, as a drawing: what the one of a job and the one of a workflow have in common. */
export function StepFlow<N extends Node>({ children, ...props }: ReactFlowProps<N, Edge>) {
  return (
    <ReactFlow<N>
      nodesDraggable={false}
      nodesFocusable={false}
      maxZoom={1.5}
      aria-label="Which step needs which"
      proOptions={{ hideAttribution: true }}
      {...props}
    >
      <Background gap={22} size={1} color="var(--sb-line)" />
      <Controls showInteractive={false} position="bottom-left" />
      {children}
    </ReactFlow>
  );
}
