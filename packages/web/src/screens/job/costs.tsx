import { Skeleton } from '@mantine/core';
import { useQuery } from 'urql';
import { Failed } from '../../app/failed.tsx';
import { formatCost, formatKnownCost, missingCost } from '../../app/money.ts';
import { JobCosts } from './documents.ts';
import classes from './info-parts.module.css';
import type { JobOnPage } from './on-page.ts';
import { Section } from './section.tsx';

/** What the job has cost, step by step and model by model. */
export function CostsSection({ job }: { job: JobOnPage }) {
  const tokens = Number(job.cost.inputTokens) + Number(job.cost.outputTokens);
  if (tokens === 0 && !(Number(job.cost.microUsd) > 0)) return null;
  return (
    <Section title="Cost" note={<span title={missingCost(job.cost)}>{formatKnownCost(job.cost)}</span>}>
      <Costs id={job.id} />
    </Section>
  );
}

function Costs({ id }: { id: string }) {
  const [{ data, error }, read] = useQuery({ query: JobCosts, variables: { id }, requestPolicy: 'cache-and-network' });
  const job = data?.job;
  if (!job) {
    if (error) return <Failed error={error} retry={() => read({ requestPolicy: 'network-only' })} />;
    return <Skeleton height={40} />;
  }
  const steps = job.stepsConnection.edges
    .map(({ node }) => node)
    .filter(({ cost, itemIndex }) => itemIndex === null && tokensOf(cost) > 0);
  return (
    <ul className={classes.list}>
      {steps.map(({ id: step, name, cost }) => (
        <li key={step} className={classes.row}>
          <span className={classes.main} title={name}>
            {name}
          </span>
          <span className={classes.note}>{tokensOf(cost).toLocaleString('en')} tokens</span>
          <span className={classes.figure} title={missingCost(cost)}>
            {formatKnownCost(cost)}
          </span>
        </li>
      ))}
      {job.costByModel.map(({ model, calls, microUsd, ...used }) => (
        <li key={model} className={classes.row} data-first-of-kind>
          <span className={`${classes.main} sb-mono`} title={model ?? undefined}>
            {model ?? 'unknown model'}
          </span>
          <span className={classes.note}>
            {calls} {calls === 1 ? 'call' : 'calls'}, {tokensOf(used).toLocaleString('en')} tokens
          </span>
          <span className={classes.figure}>{microUsd === null ? 'unknown' : formatCost(microUsd)}</span>
        </li>
      ))}
    </ul>
  );
}

function tokensOf({ inputTokens, outputTokens }: { inputTokens: string | number; outputTokens: string | number }) {
  return Number(inputTokens) + Number(outputTokens);
}
