import { UnstyledButton } from '@mantine/core';
import { LogView } from '../../logs/log-view.tsx';
import { isFinal } from '../../status/tone.ts';
import classes from './middle.module.css';
import type { PanelProps } from './panels.tsx';
import { Timeline } from './timeline.tsx';

const VIEWS = [
  { key: 'timeline', label: 'Timeline' },
  { key: 'log', label: 'Whole log' },
] as const;

/** The steps of the job, or the log of all of them together. */
export function Middle(props: PanelProps) {
  const { job, view, onChange } = props;
  const following = view.step === undefined;
  return (
    <section className={classes.panel} aria-label="Steps">
      <div className={classes.head}>
        <div className={classes.views} role="tablist" aria-label="Steps as">
          {VIEWS.map(({ key, label }) => (
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
              {label}
            </button>
          ))}
        </div>
        {!isFinal(job.status) && (
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
          <LogView jobId={job.id} from={job.startedAt ?? job.createdAt} live={!isFinal(job.status)} />
        ) : (
          <Timeline {...props} />
        )}
      </div>
    </section>
  );
}
