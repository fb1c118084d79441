import { IconChevronRight, IconDots } from '@tabler/icons-react';
import { type KeyboardEvent, lazy, type MouseEvent, memo, Suspense, useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useQuery } from 'urql';
import { offered } from '../../actions/actions.ts';
import { IconButton } from '../../app/icon-button.tsx';
import { Preloaded, preloadable } from '../../app/preloaded.tsx';
import { shortId } from '../../ids/short-id.ts';
import { Cell } from './cell.tsx';
import { type Column, RIGHT } from './columns.ts';
import { JobRow } from './documents.ts';
import { toggleExpanded } from './expanded.ts';
import classes from './row.module.css';
import { SelectBox } from './select-box.tsx';

const Preview = lazy(() => import('./preview.tsx'));
export const rowMenu = preloadable(() => import('./row-menu.tsx'));

interface Props {
  id: string;
  /** From 1, the head of the table included. */
  position: number;
  expanded: boolean;
  /** Whether the keyboard is on this row. */
  active: boolean;
  selected: boolean;
  /** It does not belong into this list any more, and stays until nobody is about to click. */
  leaving: boolean;
  /** Those that are shown, in their order. */
  columns: readonly Column[];
  onActive: (id: string) => void;
  /** With `range`: everything between this and what was selected before. */
  onSelect: (id: string, range: boolean) => void;
  /** The job is not in the cache any more: it was deleted. */
  onGone: (id: string) => void;
}

/** One job. It reads itself from the cache, so that a change of one job draws one row. */
export const Row = memo(function Row(props: Props) {
  const { id, position, expanded, active, selected, leaving, columns, onActive, onSelect, onGone } = props;
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
    if (event.target instanceof Element && event.target.closest('a, button, label, [role="menu"]')) return;
    if (getSelection()?.isCollapsed === false) return;
    if (event.shiftKey) onSelect(id, true);
    else if (event.metaKey || event.ctrlKey) window.open(`/jobs/${id}`, '_blank', 'noopener');
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

  const dots = (
    <IconButton tabIndex={tabIndex} aria-label="Actions" aria-haspopup="menu" onClick={() => setMenu(true)}>
      <IconDots size={16} />
    </IconButton>
  );
  return (
    <div
      ref={row}
      className={classes.row}
      role="row"
      aria-rowindex={position}
      aria-selected={selected}
      data-row={id}
      data-active={active || undefined}
      data-selected={selected || undefined}
      data-leaving={leaving || undefined}
      data-menu={menu || undefined}
      tabIndex={tabIndex}
      onClick={open}
      onKeyDown={press}
      onFocus={() => onActive(id)}
    >
      <div className={classes.line}>
        <div role="gridcell" className={classes.select}>
          <SelectBox
            label={`Select ${job.workflow.slug} ${shortId(id)}`}
            checked={selected}
            tabIndex={tabIndex}
            onSelect={(range) => onSelect(id, range)}
          />
        </div>
        <div role="gridcell" className={classes.chevron}>
          <IconButton
            tabIndex={tabIndex}
            aria-expanded={expanded}
            aria-label={expanded ? 'Hide steps and log' : 'Show steps and log'}
            onClick={() => toggleExpanded(id)}
          >
            <IconChevronRight size={14} data-open={expanded || undefined} />
          </IconButton>
        </div>
        {columns.map((column) => (
          <div
            key={column}
            role="gridcell"
            className={classes[column]}
            data-right={RIGHT.includes(column) || undefined}
          >
            <Cell column={column} job={job} tabIndex={tabIndex} />
          </div>
        ))}
        <div role="gridcell" className={classes.more}>
          {menu ? (
            <Suspense fallback={dots}>
              <Preloaded of={rowMenu} props={{ job, actions, onClose: closeMenu }} />
            </Suspense>
          ) : (
            dots
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
