import { ActionIcon } from '@mantine/core';
import { IconChevronRight, IconDots } from '@tabler/icons-react';
import { type KeyboardEvent, lazy, type MouseEvent, memo, Suspense, useEffect, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useQuery } from 'urql';
import { offered } from '../../actions/actions.ts';
import { formatCost } from '../../app/money.ts';
import { CopyButton } from '../../ids/copy-button.tsx';
import { shortId } from '../../ids/short-id.ts';
import { PRIORITY_WORDS } from '../../status/priority.ts';
import { JobStatusChip } from '../../status/status-chip.tsx';
import { Ago } from '../../time/ago.tsx';
import { Elapsed } from '../../time/elapsed.tsx';
import type { Column } from './columns.ts';
import { JobRow } from './documents.ts';
import { toggleExpanded } from './expanded.ts';
import classes from './row.module.css';
import { RowMenu } from './row-menu.tsx';
import { RowProgress } from './row-progress.tsx';

const Preview = lazy(() => import('./preview.tsx'));

interface Props {
  id: string;
  /** From 1, the head of the table included. */
  position: number;
  expanded: boolean;
  /** Whether the keyboard is on this row. */
  active: boolean;
  columns: ReadonlySet<Column>;
  onActive: (id: string) => void;
  /** The job is not in the cache any more: it was deleted. */
  onGone: (id: string) => void;
}

/** One job. It reads itself from the cache, so that a change of one job draws one row. */
export const Row = memo(function Row({ id, position, expanded, active, columns, onActive, onGone }: Props) {
  const navigate = useNavigate();
  const row = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState(false);
  const [{ data }] = useQuery({ query: JobRow, variables: { id }, requestPolicy: 'cache-only' });
  const job = data?.job;
  const gone = data !== undefined && !job;
  useEffect(() => {
    if (gone) onGone(id);
  }, [gone, id, onGone]);
  if (!job) return <div className={classes.row} role="row" aria-rowindex={position} />;

  const tabIndex = active ? 0 : -1;
  const actions = offered(job);

  function open(event: MouseEvent) {
    if (event.target instanceof Element && event.target.closest('a, button, [role="menu"]')) return;
    if (getSelection()?.isCollapsed === false) return;
    if (event.metaKey || event.ctrlKey) window.open(`/jobs/${id}`, '_blank', 'noopener');
    else void navigate(`/jobs/${id}`);
  }

  function press(event: KeyboardEvent<HTMLDivElement>) {
    if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === 'Enter') void navigate(`/jobs/${id}`);
    else if (event.key === ' ') toggleExpanded(id);
    else if (event.key === '.') setMenu(true);
    else return;
    event.preventDefault();
  }

  function closeMenu() {
    setMenu(false);
    // The menu is gone with its button: the keyboard stays on the row.
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) row.current?.focus({ preventScroll: true });
    });
  }

  return (
    <div
      ref={row}
      className={classes.row}
      role="row"
      aria-rowindex={position}
      data-row={id}
      data-active={active || undefined}
      data-menu={menu || undefined}
      tabIndex={tabIndex}
      onClick={open}
      onKeyDown={press}
      onFocus={() => onActive(id)}
    >
      <div className={classes.line}>
        <div role="gridcell" className={classes.chevron}>
          <ActionIcon
            size={22}
            tabIndex={tabIndex}
            aria-expanded={expanded}
            aria-label={expanded ? 'Hide steps and log' : 'Show steps and log'}
            onClick={() => toggleExpanded(id)}
          >
            <IconChevronRight size={14} data-open={expanded || undefined} />
          </ActionIcon>
        </div>
        <div role="gridcell" className={classes.status}>
          <JobStatusChip {...job} />
        </div>
        <div role="gridcell" className={classes.workflow}>
          <Link
            tabIndex={tabIndex}
            className={classes.name}
            to={`/workflows/${job.workflow.slug}`}
            title={job.workflow.name}
          >
            {job.workflow.slug}
          </Link>
          {job.subject !== null && (
            <span className={classes.subject} title={job.subject}>
              {job.subject}
            </span>
          )}
        </div>
        {columns.has('job') && (
          <div role="gridcell" className={classes.job}>
            <Link tabIndex={tabIndex} to={`/jobs/${id}`} title={id} className={classes.id}>
              {shortId(id)}
            </Link>
            <CopyButton value={id} label="Copy the id" className={classes.copy} tabIndex={tabIndex} />
          </div>
        )}
        {columns.has('priority') && (
          <div role="gridcell" className={classes.priority}>
            {PRIORITY_WORDS[job.priority]}
          </div>
        )}
        <div role="gridcell" className={classes.progress}>
          <RowProgress job={job} />
        </div>
        {columns.has('started') && (
          <div role="gridcell" className={classes.started}>
            <Ago at={job.startedAt ?? job.createdAt} />
          </div>
        )}
        {columns.has('duration') && (
          <div role="gridcell" className={classes.duration}>
            <Elapsed of={job} running={job.status === 'RUNNING'} />
          </div>
        )}
        {columns.has('cost') && (
          <div role="gridcell" className={classes.cost}>
            {formatCost(job.cost.microUsd)}
          </div>
        )}
        <div role="gridcell" className={classes.more}>
          {menu ? (
            <RowMenu job={job} actions={actions} onClose={closeMenu} />
          ) : (
            <ActionIcon
              size={24}
              tabIndex={tabIndex}
              aria-label="Actions"
              aria-haspopup="menu"
              onClick={() => setMenu(true)}
            >
              <IconDots size={16} />
            </ActionIcon>
          )}
        </div>
      </div>
      {expanded && (
        <div role="gridcell">
          <Suspense fallback={<div className={classes.opening} />}>
            <Preview id={id} />
          </Suspense>
        </div>
      )}
    </div>
  );
});
