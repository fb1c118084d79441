import { Skeleton, UnstyledButton } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { LogView } from '../../logs/log-view.tsx';
import { isFinal } from '../../status/tone.ts';
import { FailureAlert } from './failure-alert.tsx';
import classes from './middle.module.css';
import type { PanelProps, TimelineProps } from './panel-props.ts';
import { StepList } from './step-list.tsx';
import { MIDDLE_VIEWS, type MiddleView } from './view.ts';
import { WaitNotice } from './wait-notice.tsx';

const Gantt = lazy(() => import('./gantt.tsx'));
const Graph = lazy(() => import('./graph.tsx'));

const WORDS: Record<MiddleView, string> = { list: 'List', gantt: 'Gantt', graph: 'Graph', log: 'Log' };

/** The steps of the job in one of three ways, with the same selection, or the log of all of them together. */
export function Middle(props: PanelProps) {
  const { job, steps, selected, view, onChange } = props;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const live = !isFinal(job.status);
  const following = view.step === undefined;

  const timeline: TimelineProps = {
    ...props,
    open,
    onOpen: (step) => setOpen(new Set(open.has(step) ? [...open].filter((key) => key !== step) : [...open, step])),
    onLook: () => {
      // On a phone the choice of a step opens its panel, and whoever looks around stays where they are.
      if (live && following && selected !== undefined) onChange({ step: selected, panel: view.panel });
    },
  };
  return (
    <section className={classes.panel} aria-label="Steps">
      <div className={classes.head}>
        <div className={classes.views} role="tablist" aria-label="Steps as">
          {MIDDLE_VIEWS.map((key) => (
            <button
              key={key}
              type="button"
              role="tab"
              id={`middle-tab-${key}`}
              aria-controls="middle"
              aria-selected={view.middle === key}
              className={classes.view}
              onClick={() => onChange({ middle: key })}
            >
              {WORDS[key]}
            </button>
          ))}
        </div>
        {live && (
          <UnstyledButton
            className={classes.following}
            data-on={following || undefined}
            aria-pressed={following}
            title={following ? 'The running step is selected by itself' : 'Select the running step again (F)'}
            onClick={() => onChange({ step: undefined })}
          >
            <span className={classes.dot} />
            {following ? 'following' : 'follow'}
          </UnstyledButton>
        )}
      </div>
      <div id="middle" role="tabpanel" aria-labelledby={`middle-tab-${view.middle}`} className={classes.content}>
        {view.middle === 'log' ? (
          <LogView
            jobId={job.id}
            steps={steps}
            from={job.startedAt ?? job.createdAt}
            live={live}
            picked={view.line}
            onPick={(line) => onChange({ line })}
          />
        ) : (
          <>
            <div className={classes.notices}>
              <FailureAlert job={job} onShow={(step) => onChange({ step, tab: 'log', panel: 'step' })} />
              <WaitNotice job={job} steps={steps} onShow={(step) => onChange({ step, panel: 'step' })} />
            </div>
            <Suspense fallback={<Skeleton className={classes.loading} />}>
              {view.middle === 'list' && <StepList {...timeline} />}
              {view.middle === 'gantt' && <Gantt {...timeline} />}
              {view.middle === 'graph' && <Graph {...timeline} />}
            </Suspense>
          </>
        )}
      </div>
    </section>
  );
}
