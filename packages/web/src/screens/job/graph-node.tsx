import { UnstyledButton } from '@mantine/core';
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { StatusBadge } from '../../status/status-chip.tsx';
import { STEP_LOOKS } from '../../status/tone.ts';
import { Elapsed } from '../../time/elapsed.tsx';
import flow from '../../timeline/step-flow.module.css';
import type { StepGroup } from '../../timeline/step-rows.ts';
import classes from './graph.module.css';
import { countWords, GroupBar } from './group-summary.tsx';
import type { StepOnPage } from './on-page.ts';

export type GraphNodeType = Node<
  { step: StepOnPage; group: StepGroup | undefined; selected: boolean; onSelect: () => void },
  'step'
>;

/** A step in the drawing of the job. */
export const GraphNode = memo(function GraphNode({
  data: { step, group, selected, onSelect },
}: NodeProps<GraphNodeType>) {
  const timed = step.startedAt !== null && step.status !== 'SKIPPED';
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} className={flow.handle} />
      <UnstyledButton
        className={`${flow.node} ${classes.node} nodrag`}
        data-status={step.status}
        data-selected={selected || undefined}
        aria-current={selected ? 'step' : undefined}
        title={step.skippedBecause ? `${step.name}, skipped: ${step.skippedBecause}` : step.name}
        onClick={onSelect}
      >
        <StatusBadge look={STEP_LOOKS[step.status]} />
        <span className={flow.text}>
          <span className={flow.name}>{step.name}</span>
          {group ? (
            <span className={classes.items} title={countWords(group)}>
              <GroupBar group={group} />
              <span className="sb-hidden">{countWords(group)}</span>
            </span>
          ) : (
            <span className={flow.note}>
              {step.type}
              {step.attemptNumber > 1 && ` · attempt ${step.attemptNumber}`}
              {timed && (
                <>
                  {' · '}
                  <Elapsed of={step} running={step.status === 'RUNNING'} />
                </>
              )}
            </span>
          )}
        </span>
      </UnstyledButton>
      <Handle type="source" position={Position.Bottom} isConnectable={false} className={flow.handle} />
    </>
  );
});
