import { Skeleton, UnstyledButton } from '@mantine/core';
import { useEffect, useEffectEvent, useRef } from 'react';
import { Link } from 'react-router';
import { useQuery } from 'urql';
import { Failed } from '../../app/failed.tsx';
import { formatKnownCost } from '../../app/money.ts';
import { useKept } from '../../app/use-kept.ts';
import { shortId } from '../../ids/short-id.ts';
import { useHeal } from '../../live/use-heal.ts';
import { LogView } from '../../logs/log-view.tsx';
import { StatusBadge } from '../../status/status-chip.tsx';
import { isFinal, JOB_LOOKS, STEP_LOOKS } from '../../status/tone.ts';
import { Elapsed } from '../../time/elapsed.tsx';
import { groupKeyOf } from '../../timeline/step-rows.ts';
import { Activities } from './activities.tsx';
import { Approval, Decision } from './approval.tsx';
import { Artifacts } from './artifacts.tsx';
import { Attempts } from './attempts.tsx';
import type { StepOnPage } from './on-page.ts';
import type { PanelProps, StepInPanel } from './panel-props.ts';
import { StepDetails } from './step-documents.ts';
import classes from './step-panel.module.css';
import { StepValue } from './step-value.tsx';
import { type JobView, STEP_TABS, type StepTab } from './view.ts';
import { asksForDecision, waitWords } from './waits.ts';

/** The selected step: what it does now, what came in and what came out. Read when it is selected and not before. */
export function StepPanel({ job, steps, selected, view, onChange }: PanelProps) {
  const row = steps.find(({ key }) => key === selected);
  if (selected === undefined) {
    return (
      <section className={classes.panel} aria-label="Step">
        <p className={classes.none}>The steps appear here when the job is planned.</p>
      </section>
    );
  }
  return (
    <StepOf
      key={selected}
      job={job}
      stepKey={selected}
      row={row}
      tab={view.tab}
      onTab={(tab) => onChange({ tab, step: view.step })}
      items={steps.filter((step) => groupKeyOf(step) === selected).length}
      onWhole={() => onChange({ middle: 'log', panel: 'steps', step: selected })}
      line={view.line}
      onLine={(line) => onChange({ line, step: selected })}
      onStay={() => onChange({ step: selected, panel: view.panel })}
    />
  );
}

interface Props {
  job: PanelProps['job'];
  stepKey: string;
  /** What the timeline knows of the step already, which is live. */
  row: StepOnPage | undefined;
  tab: StepTab;
  onTab: (tab: StepTab) => void;
  /** How many items it has. */
  items: number;
  /** Shows the log of the whole job. */
  onWhole: () => void;
  line: JobView['line'];
  onLine: (line: JobView['line']) => void;
  /** Keeps this step on the panel, whichever runs next. */
  onStay: () => void;
}

function StepOf({ job, stepKey, row, tab, onTab, items, onWhole, line, onLine, onStay }: Props) {
  const [result, read] = useQuery({
    query: StepDetails,
    variables: { id: job.id, key: stepKey },
    requestPolicy: 'cache-and-network',
  });
  const { error } = result;
  const data = useKept(result);
  const details = data?.job?.step ?? undefined;
  const step = row ?? details;

  // Input, output and attempts are not part of the live payload: they are read again when the step moved on.
  const moved = row ? `${row.status} ${row.attemptNumber} ${row.childJob?.id}` : '';
  const seen = useRef(moved);
  const reread = () => read({ requestPolicy: 'network-only' });
  const refresh = useEffectEvent(reread);
  useEffect(() => {
    if (seen.current !== moved) refresh();
    seen.current = moved;
  }, [moved]);
  useHeal(reread);

  const failed = error && !details && <Failed error={error} retry={reread} />;
  if (!step) {
    if (failed) return failed;
    return (
      <section className={classes.panel} aria-label="Step">
        {data ? (
          <p className={classes.none}>The job has no step “{stepKey}”.</p>
        ) : (
          <Skeleton m="md" height={14} width={180} />
        )}
      </section>
    );
  }
  const attempts = details?.attempts.length ?? 0;
  const isAgent = step.type === 'agent';
  const empty: Partial<Record<StepTab, boolean>> = {
    artifacts: !details?.artifacts.length,
    agent: !isAgent && !details?.activities.totalCount,
  };
  const tabs = STEP_TABS.filter((name) => !empty[name]);
  const shown = tabs.includes(tab) ? tab : 'log';
  return (
    <section className={classes.panel} aria-label={`Step ${step.name}`}>
      <StepHead step={step} details={details} />
      {asksForDecision(step) && (
        <Approval jobId={job.id} step={step} details={details} failed={failed} onFocus={onStay} />
      )}
      <div className={classes.tabs} role="tablist" aria-label="Parts of the step">
        {tabs.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`step-tab-${name}`}
            aria-controls="step-part"
            aria-selected={shown === name}
            className={classes.tab}
            onClick={() => onTab(name)}
          >
            {name === 'agent' && !isAgent ? 'Model calls' : TAB_WORDS[name]}
            {name === 'attempts' && attempts > 1 && <span className={classes.count}>{attempts}</span>}
          </button>
        ))}
      </div>
      <div id="step-part" role="tabpanel" aria-labelledby={`step-tab-${shown}`} className={classes.part}>
        {shown === 'log' && items > 0 && <ItemsLog items={items} onWhole={onWhole} />}
        {shown === 'log' && items === 0 && (
          <LogView
            jobId={job.id}
            stepKey={stepKey}
            from={job.startedAt ?? job.createdAt}
            live={!isFinal(step.status) && !isFinal(job.status)}
            picked={line}
            onPick={onLine}
          />
        )}
        {shown === 'agent' && <Activities jobId={job.id} stepKey={stepKey} changedAt={job.updatedAt} />}
        {shown !== 'log' && shown !== 'agent' && !details && (failed || <Skeleton m="md" height={14} width={240} />)}
        {shown === 'output' && details && <StepValue name="output" value={details.output} step={details} />}
        {shown === 'input' && details && <StepValue name="input" value={details.input} step={details} />}
        {shown === 'attempts' && details && <Attempts attempts={details.attempts} />}
        {shown === 'artifacts' && details && <Artifacts artifacts={details.artifacts} />}
      </div>
    </section>
  );
}

function ItemsLog({ items, onWhole }: { items: number; onWhole: () => void }) {
  return (
    <p className={classes.none}>
      Its {items.toLocaleString('en')} items write the log: choose one of them, or read{' '}
      <UnstyledButton className={classes.whole} onClick={onWhole}>
        the log of the whole job
      </UnstyledButton>
      .
    </p>
  );
}

const TAB_WORDS: Record<StepTab, string> = {
  log: 'Log',
  agent: 'Agent',
  output: 'Output',
  input: 'Input',
  attempts: 'Attempts',
  artifacts: 'Artifacts',
};

function StepHead({ step, details }: { step: StepOnPage; details: StepInPanel | undefined }) {
  const wait = waitWords(step);
  const tokens = Number(details?.cost.inputTokens ?? 0) + Number(details?.cost.outputTokens ?? 0);
  const facts = [
    step.uses !== null && step.uses !== step.type && step.uses,
    tokens > 0 && details && `${details.cost.inputTokens} + ${details.cost.outputTokens} tokens`,
    details && (tokens > 0 || Number(details.cost.microUsd) > 0) && formatKnownCost(details.cost),
  ].filter((fact) => typeof fact === 'string');
  return (
    <div className={classes.head}>
      <div className={classes.title}>
        <StatusBadge look={STEP_LOOKS[step.status]} />
        <h2 className="sb-cut" title={step.name}>
          {step.name}
        </h2>
        <span className="sb-mute">{step.type}</span>
        {step.attemptNumber > 1 && <span className={classes.attempt}>attempt {step.attemptNumber}</span>}
      </div>
      <p className={classes.facts}>
        Step {step.index + 1} · {STEP_LOOKS[step.status].word.toLowerCase()}
        {step.startedAt !== null && (
          <>
            {' · '}
            <Elapsed of={step} running={step.status === 'RUNNING'} />
          </>
        )}
        {facts.map((fact) => ` · ${fact}`)}
      </p>
      {wait !== undefined && !asksForDecision(step) && <p className={classes.wait}>{sentence(wait)}.</p>}
      {step.childJob && (
        <p className={classes.child}>
          <Link className="sb-link" to={`/jobs/${step.childJob.id}`}>
            {details?.childJob?.workflow.slug ?? 'The job'} <span className="sb-mono">{shortId(step.childJob.id)}</span>
          </Link>
          <span className="sb-mute">{JOB_LOOKS[step.childJob.status].word.toLowerCase()}</span>
        </p>
      )}
      {step.approval && <Decision approval={step.approval} />}
      {step.status === 'SKIPPED' && <p className={classes.skipped}>Skipped: {step.skippedBecause}</p>}
    </div>
  );
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
