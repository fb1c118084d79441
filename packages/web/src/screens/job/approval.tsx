import { Skeleton } from '@mantine/core';
import { type ReactNode, Suspense, useEffect } from 'react';
import type { JsonObject } from '../../app/graphql.ts';
import { Preloaded, preloadable } from '../../app/preloaded.tsx';
import { isFinal } from '../../status/tone.ts';
import { Exact } from '../../time/exact.tsx';
import classes from './approval.module.css';
import type { StepOnPage } from './on-page.ts';
import type { StepInPanel } from './panel-props.ts';
import { asksForDecision } from './waits.ts';

const approvalForm = preloadable(() => import('./approval-form.tsx'));

/** What a step asks somebody to approve now, with the way to do it. */
export function Approval({
  jobId,
  step,
  details,
  failed,
  onFocus,
}: {
  jobId: string;
  step: StepOnPage;
  details: StepInPanel | undefined;
  /** Why the details are not there, when they could not be read. */
  failed: ReactNode;
  /** Somebody is about to decide. */
  onFocus: () => void;
}) {
  return (
    <div className={classes.approval} role="group" aria-label="Decision" onFocus={onFocus}>
      <p className={classes.message}>{step.approval?.message}</p>
      {step.waitUntil !== null && (
        <p className={classes.until}>
          To be decided until <Exact at={step.waitUntil} />
        </p>
      )}
      <Suspense fallback={<Skeleton mt={14} height={92} />}>
        {details ? (
          <Preloaded
            key={step.attemptNumber}
            of={approvalForm}
            props={{ jobId, step, schema: schemaOf(details.approval?.form ?? null) }}
          />
        ) : (
          failed || <Skeleton mt={14} height={92} />
        )}
      </Suspense>
    </div>
  );
}

/** Sends for the form as soon as the page knows that a step asks, or will ask, for a decision. */
export function useApprovalSoon(steps: readonly StepOnPage[]): void {
  const soon = steps.some((step) => asksForDecision(step) || (step.type === 'approval' && !isFinal(step.status)));
  useEffect(() => {
    if (soon) approvalForm.preload();
  }, [soon]);
}

/** Who decided, when and why. */
export function Decision({ approval }: { approval: NonNullable<StepOnPage['approval']> }) {
  if (approval.approved === null) return null;
  return (
    <p className={classes.outcome}>
      {approval.approved ? 'Approved' : 'Rejected'}
      {approval.decidedBy !== null && ` by ${approval.decidedBy}`}, <Exact at={approval.decidedAt} />
      {approval.comment !== null && `: ${approval.comment}`}
    </p>
  );
}

function schemaOf(form: unknown): JsonObject | null {
  return typeof form === 'object' && form !== null && !Array.isArray(form) ? { ...form } : null;
}
