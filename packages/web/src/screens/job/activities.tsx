import { Skeleton } from '@mantine/core';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useQuery } from 'urql';
import { Failed } from '../../app/failed.tsx';
import { formatCost, formatExactCost } from '../../app/money.ts';
import { useKept } from '../../app/use-kept.ts';
import { throttle } from '../../live/throttle.ts';
import classes from './activities.module.css';
import { ActivityRow } from './activity-row.tsx';
import { type ActivityTotals, type StepBudget, totalsOf, turnsOf } from './activity-tree.ts';
import { StepActivities } from './step-documents.ts';

/** The newest ones; agents rarely do more. */
const MOST = 200;
const REREAD_EVERY_MS = 700;

interface Props {
  jobId: string;
  stepKey: string;
  /** When anything of the job last changed: then there may be more to show. */
  changedAt: string;
}

/** What an agent did, turn by turn: what it said, which tools it called, and what that cost. Live while it works. */
export function Activities({ jobId, stepKey, changedAt }: Props) {
  const [result, read] = useQuery({
    query: StepActivities,
    variables: { id: jobId, key: stepKey, last: MOST },
    requestPolicy: 'cache-and-network',
  });
  const step = useKept(result)?.job?.step;
  const reread = useEffectEvent(() => read({ requestPolicy: 'network-only' }));
  const soon = useRef<ReturnType<typeof throttle>>(undefined);
  useEffect(() => {
    const task = throttle(() => reread(), REREAD_EVERY_MS);
    soon.current = task;
    return task.stop;
  }, []);
  const seen = useRef(changedAt);
  useEffect(() => {
    if (seen.current !== changedAt) soon.current?.();
    seen.current = changedAt;
  }, [changedAt]);

  if (!step) {
    if (result.error) return <Failed error={result.error} retry={() => read({ requestPolicy: 'network-only' })} />;
    return <Skeleton m="md" height={14} width={240} />;
  }
  const activities = step.activities.edges.map(({ node }) => node);
  if (activities.length === 0) return <p className={classes.none}>No model was asked yet.</p>;
  const turns = turnsOf(activities);
  const attempts = new Set(activities.map(({ attempt }) => attempt)).size;
  const left = step.activities.totalCount - activities.length;
  return (
    <div className={classes.panel}>
      <Summary totals={totalsOf(activities)} budget={step.budget} />
      {left > 0 && <p className={classes.left}>{left.toLocaleString('en')} older ones are not shown.</p>}
      <ol className={classes.tree} aria-label="Turns">
        {turns.map(({ activity, calls, number }) => (
          <li key={activity.id}>
            <ActivityRow
              activity={activity}
              title={activity.kind === 'MODEL_TURN' ? `Turn ${number}` : activity.name}
              note={attempts > 1 ? `attempt ${activity.attempt}` : undefined}
            />
            {calls.length > 0 && (
              <ol className={classes.calls} aria-label={`Tool calls of turn ${number}`}>
                {calls.map((call) => (
                  <li key={call.id}>
                    <ActivityRow activity={call} title={call.name} />
                  </li>
                ))}
              </ol>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}

function Summary({ totals, budget }: { totals: ActivityTotals; budget: StepBudget | null }) {
  const { calls, inputTokens, outputTokens, turns } = totals;
  return (
    <dl className={classes.summary}>
      <Figure name={turns === 1 ? 'turn' : 'turns'} value={turns.toLocaleString('en')} />
      <Figure name={calls === 1 ? 'tool call' : 'tool calls'} value={calls.toLocaleString('en')} />
      <Figure
        name="tokens in + out"
        value={`${inputTokens.toLocaleString('en')} + ${outputTokens.toLocaleString('en')}`}
      />
      <Figure name="cost" value={`${totals.complete ? '' : '≥ '}${formatExactCost(totals.microUsd)}`} />
      {budget && <Figure name="of budget" value={budgetText(budget)} />}
    </dl>
  );
}

function budgetText({ limitMicroUsd, limitTokens, spentMicroUsd, spentTokens }: StepBudget): string {
  if (limitMicroUsd !== null) return `${formatCost(spentMicroUsd)} / ${formatCost(limitMicroUsd)}`;
  return `${Number(spentTokens).toLocaleString('en')} / ${Number(limitTokens).toLocaleString('en')} tokens`;
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className={classes.figure}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
