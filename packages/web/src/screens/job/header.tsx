import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import {
  IconBell,
  IconBellRinging,
  IconDots,
  IconDownload,
  IconGitFork,
  IconPencil,
  IconTerminal2,
} from '@tabler/icons-react';
import { Link, useNavigate } from 'react-router';
import { ACTION_WORDS, type OfferedAction, offered } from '../../actions/actions.ts';
import { ACTION_ICONS } from '../../actions/icons.ts';
import { PriorityItems } from '../../actions/priority-items.tsx';
import { useJobAction } from '../../actions/use-job-action.tsx';
import { useStore } from '../../app/store.ts';
import { tellDone, tellFailure } from '../../app/tell.tsx';
import { CopyButton } from '../../ids/copy-button.tsx';
import { shortId } from '../../ids/short-id.ts';
import { dontTellEnd, tellEnd, watchedForEnd } from '../../live/end-watch.ts';
import { FORMAT_WORDS, LOG_FORMATS, logAddress } from '../../logs/download.ts';
import { ProgressBar } from '../../status/progress-bar.tsx';
import { JobStatusChip } from '../../status/status-chip.tsx';
import { isFinal, JOB_LOOKS } from '../../status/tone.ts';
import { useClockText } from '../../time/clock.ts';
import { Elapsed } from '../../time/elapsed.tsx';
import { formatRemaining } from '../../time/moment.ts';
import { leftList } from '../jobs/left-list.ts';
import { again } from './again/again.ts';
import { creationAsCurl, pageAsCurl, pageAsGraphQL } from './copy-as.ts';
import classes from './header.module.css';
import type { JobOnPage } from './on-page.ts';

/** These have a button of their own; the rest is in the menu. */
const BUTTONS: readonly OfferedAction[] = ['START', 'PAUSE', 'RESUME', 'RETRY', 'CANCEL', 'FORCE_CANCEL', 'RERUN'];

/** Which job this is, how it does, and what can be done with it. */
export function JobHeader({ job, selected }: { job: JobOnPage; selected: string | undefined }) {
  const navigate = useNavigate();
  const act = useJobAction({ openNewJob: true, onDeleted: () => void navigate(leftList(), { replace: true }) });
  const actions = offered(job);
  const { completedSteps, totalSteps, percent } = job.progress;
  const underway = job.startedAt !== null && !isFinal(job.status);

  return (
    <div className={classes.bar}>
      <div className={classes.title}>
        <nav aria-label="Breadcrumb" className={classes.crumbs}>
          <Link to={leftList()} className={classes.up}>
            Jobs
          </Link>
          <span className="sb-faint" aria-hidden="true">
            /
          </span>
        </nav>
        <h1 className={classes.name} title={job.workflow.name}>
          {job.workflow.slug}
        </h1>
        <span className={classes.id} title={job.id}>
          {shortId(job.id)}
        </span>
        <CopyButton className={classes.copy} value={job.id} label="Copy the id" />
      </div>
      <div className={classes.state}>
        <JobStatusChip {...job} />
        {job.startedAt !== null && (
          <span className={classes.elapsed}>
            <Elapsed of={job} running={job.status === 'RUNNING'} />
          </span>
        )}
        <span className={classes.bar150}>
          <ProgressBar percent={percent} tone={JOB_LOOKS[job.status].tone} label="Progress of the job" />
        </span>
        <span className={classes.steps}>
          {completedSteps} of {totalSteps}
        </span>
        {underway && <Outlook job={job} />}
      </div>
      <div className={classes.actions}>
        {actions
          .filter((action) => BUTTONS.includes(action))
          .map((action) => (
            <Button
              key={action}
              variant={action === 'START' ? 'primary' : ACTION_WORDS[action].question ? 'danger' : 'default'}
              onClick={() => act(action, job)}
            >
              {ACTION_WORDS[action].label}
            </Button>
          ))}
        {!isFinal(job.status) && <EndBell id={job.id} />}
        <Menu width={250}>
          <Menu.Target>
            <ActionIcon variant="default" size={30} aria-label="More actions">
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {job.allowedActions.includes('RERUN') && (
              <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => again.set({ mode: 'rerun' })}>
                Re-run with another input…
              </Menu.Item>
            )}
            {job.allowedActions.includes('FORK') && (
              <Menu.Item
                leftSection={<IconGitFork size={15} />}
                onClick={() => again.set({ mode: 'fork', step: selected })}
              >
                Run again from a step…
              </Menu.Item>
            )}
            <CopyItem label="Copy as GraphQL" text={() => pageAsGraphQL(job)} />
            <CopyItem label="Copy as curl" text={() => pageAsCurl(job, location.origin)} />
            <CopyItem label="Copy its creation as curl" text={() => creationAsCurl(job, location.origin)} />
            {LOG_FORMATS.map((format) => (
              <Menu.Item
                key={format}
                component="a"
                href={logAddress(job.id, {}, format)}
                download
                leftSection={<IconDownload size={15} />}
              >
                Download log as {FORMAT_WORDS[format]}
              </Menu.Item>
            ))}
            {job.allowedActions.includes('SET_PRIORITY') && <PriorityItems job={job} />}
            {actions
              .filter((action) => !BUTTONS.includes(action))
              .map((action) => {
                const Icon = ACTION_ICONS[action];
                return (
                  <Menu.Item
                    key={action}
                    color="var(--sb-failed)"
                    leftSection={<Icon size={15} />}
                    onClick={() => act(action, job)}
                  >
                    {ACTION_WORDS[action].label}
                  </Menu.Item>
                );
              })}
          </Menu.Dropdown>
        </Menu>
      </div>
    </div>
  );
}

/** What the job does now, and how long it will still take where that can be told. */
function Outlook({ job }: { job: JobOnPage }) {
  const { currentStep, expectedCompletionAt } = job.progress;
  const remaining = useClockText(
    (now) => (expectedCompletionAt === null ? '' : formatRemaining(Date.parse(expectedCompletionAt) - now)),
    expectedCompletionAt === null,
  );
  const stopping = job.cancelRequestedAt !== null || job.pauseRequestedAt !== null;
  const text = stopping ? `waiting for what runs to ${job.cancelRequestedAt ? 'stop' : 'end'}` : currentStep?.name;
  return (
    <span className={classes.outlook}>
      {text}
      {remaining && !stopping && ` · done in ${remaining}`}
    </span>
  );
}

function CopyItem({ label, text }: { label: string; text: () => string }) {
  async function copy() {
    try {
      await navigator.clipboard.writeText(text());
      tellDone('Copied', label.replace(/^Copy /, 'The job '));
    } catch {
      tellFailure('Not copied', 'The browser did not let it be copied.');
    }
  }
  return (
    <Menu.Item leftSection={<IconTerminal2 size={15} />} onClick={() => void copy()}>
      {label}
    </Menu.Item>
  );
}

/** Asks the browser to tell when the job ends. */
function EndBell({ id }: { id: string }) {
  const on = useStore(watchedForEnd).has(id);
  const label = on ? 'The browser tells when it ends. Click not to be told' : 'Notify me when it ends';
  async function toggle() {
    if (on) return dontTellEnd(id);
    if (await tellEnd(id)) return tellDone('You will be told', 'As soon as the job ends, while this tab is open.');
    tellFailure('The browser may not notify you', 'Allow notifications for this site in the browser, then ask again.');
  }
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size={30} aria-label={label} aria-pressed={on} onClick={() => void toggle()}>
        {on ? <IconBellRinging size={16} /> : <IconBell size={16} />}
      </ActionIcon>
    </Tooltip>
  );
}
