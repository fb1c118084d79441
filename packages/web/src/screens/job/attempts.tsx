import { Select } from '@mantine/core';
import { useState } from 'react';
import type { Json } from '../../app/graphql.ts';
import { JsonView } from '../../json/json-view.tsx';
import { StatusBadge } from '../../status/status-chip.tsx';
import { STEP_LOOKS } from '../../status/tone.ts';
import { formatDuration } from '../../time/duration.ts';
import { Elapsed } from '../../time/elapsed.tsx';
import { Exact } from '../../time/exact.tsx';
import classes from './attempts.module.css';
import { megabytes } from './executions.tsx';
import type { StepInPanel } from './panel-props.ts';

type Attempt = StepInPanel['attempts'][number];

/** Every try of a step: the only one as it is, of several any two side by side. */
export function Attempts({ attempts }: { attempts: readonly Attempt[] }) {
  const [chosen, setChosen] = useState<readonly [number, number]>();
  const last = attempts.at(-1);
  if (!last) return <p className={classes.none}>The step has not been tried yet.</p>;
  const [left, right] = chosen ?? [last.number - 1, last.number];
  const sides = attempts.length === 1 ? [last.number] : left === right ? [left] : [left, right];
  const shown = attempts.filter(({ number }) => sides.includes(number));
  const differs = {
    input: shown.length === 2 && !same(shown[0]?.input, shown[1]?.input),
    output: shown.length === 2 && !same(shown[0]?.output, shown[1]?.output),
  };
  return (
    <div className={classes.root}>
      {attempts.length > 2 && (
        <div className={classes.choice}>
          <Choice label="Compare attempt" attempts={attempts} value={left} onChange={(to) => setChosen([to, right])} />
          <Choice label="with attempt" attempts={attempts} value={right} onChange={(to) => setChosen([left, to])} />
        </div>
      )}
      {shown.length === 2 && (
        <p className={classes.verdict} role="status">
          {differs.input ? 'The inputs differ.' : 'Both had the same input.'}{' '}
          {shown[0] && shown[1] && timeWords(shown[0], shown[1])}
        </p>
      )}
      <div className={classes.sides} data-two={shown.length === 2 || undefined}>
        {shown.map((attempt) => (
          <section key={attempt.number} className={classes.attempt} aria-label={`Attempt ${attempt.number}`}>
            <Head attempt={attempt} />
            <Part title="Output" differs={differs.output} value={attempt.output} />
            <Part title="Input" differs={differs.input} value={attempt.input} />
          </section>
        ))}
      </div>
    </div>
  );
}

function Head({ attempt }: { attempt: Attempt }) {
  const { number, status, error, startedAt, peakMemoryBytes, cpuMs } = attempt;
  return (
    <>
      <div className={classes.head}>
        <StatusBadge look={STEP_LOOKS[status]} />
        <strong>Attempt {number}</strong>
        <span className={classes.time}>
          <Elapsed of={attempt} running={status === 'RUNNING'} />
        </span>
      </div>
      <p className={classes.facts}>
        <Exact at={startedAt} />
        {peakMemoryBytes !== null && ` · ${megabytes(peakMemoryBytes)}`}
        {cpuMs !== null && ` · ${formatDuration(Number(cpuMs))} CPU`}
      </p>
      {error && (
        <p className={classes.error}>
          {error.message} <span className={classes.category}>{error.category.toLowerCase().replaceAll('_', ' ')}</span>
        </p>
      )}
    </>
  );
}

function Part({ title, differs, value }: { title: string; differs: boolean; value: Json }) {
  if (value === null) return null;
  return (
    <details className={classes.more} open={differs || undefined}>
      <summary>
        {title} {differs && <span className={classes.differs}>differs</span>}
      </summary>
      <JsonView value={value} />
    </details>
  );
}

interface ChoiceProps {
  label: string;
  attempts: readonly Attempt[];
  value: number;
  onChange: (number: number) => void;
}

function Choice({ label, attempts, value, onChange }: ChoiceProps) {
  return (
    <Select
      size="xs"
      w={130}
      label={label}
      allowDeselect={false}
      data={attempts.map(({ number }) => String(number))}
      value={String(value)}
      onChange={(number) => number !== null && onChange(Number(number))}
    />
  );
}

/** JSON comes from the database with its keys in one order. */
function same(one: Json | undefined, other: Json | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function timeWords(one: Attempt, other: Attempt): string {
  if (one.durationMs === null || other.durationMs === null) return '';
  const by = other.durationMs - one.durationMs;
  if (Math.abs(by) < 100) return 'They took the same time.';
  return `Attempt ${other.number} took ${formatDuration(Math.abs(by))} ${by > 0 ? 'longer' : 'less'}.`;
}
