import { UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useMemo, useRef } from 'react';
import { Link } from 'react-router';
import { useStable } from '../../app/use-stable.ts';
import { useWorkflowNames } from '../../app/workflow-names.ts';
import type { Subject } from './documents.ts';
import classes from './grid.module.css';
import { SubjectRow } from './subject-row.tsx';

interface Props {
  list: {
    hasMore: boolean;
    total: number | undefined;
    error: unknown;
    outdated: boolean;
    more: () => void;
    refresh: () => void;
  };
  subjects: readonly Subject[];
}

const ROW = 41;

/** A row for each subject, a column for each workflow that was run about one of them; more rows when the end comes near. */
export function Grid({ list, subjects }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useMediaQuery('(max-width: 700px)', undefined, { getInitialValueInEffect: false });
  const found = useMemo(() => workflowsOf(subjects), [subjects]);
  const workflows = useStable(found);
  const names = new Map(useWorkflowNames().map(({ slug, name }) => [slug, name]));

  // oxlint-disable-next-line react/incompatible-library -- it concerns React's compiler, which is not used
  const rows = useVirtualizer({
    count: subjects.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => subjects[index]?.name ?? index,
    estimateSize: () => ROW,
    overscan: 8,
    scrollPaddingStart: 34,
  });
  const visible = rows.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  const askForMore = useEffectEvent((at: number, loaded: number) => {
    if (list.hasMore && at >= loaded - 15) list.more();
  });
  useEffect(() => askForMore(last, subjects.length), [last, subjects.length]);

  return (
    <>
      {list.error !== undefined && (
        <p className={classes.stale} role="status">
          The grid could not be refreshed. <UnstyledButton onClick={list.refresh}>Try again</UnstyledButton>
        </p>
      )}
      <div ref={scroller} className={classes.scroller} data-outdated={list.outdated || undefined}>
        <div
          className={classes.table}
          role="table"
          aria-label="Subjects and how they stand"
          aria-rowcount={(list.total ?? subjects.length) + 1}
          style={{
            '--columns': `${narrow ? 'minmax(172px, 172px)' : 'minmax(260px, 340px)'} repeat(${workflows.length}, 158px) 1fr`,
          }}
        >
          <div role="rowgroup" className={classes.heads}>
            <div className={classes.head} role="row" aria-rowindex={1}>
              <span role="columnheader" className={classes.first}>
                Subject
              </span>
              {workflows.map((slug) => (
                <span key={slug} role="columnheader" className={classes.column}>
                  <Link to={`/workflows/${slug}`} className="sb-link" title={names.get(slug)}>
                    {slug}
                  </Link>
                </span>
              ))}
            </div>
          </div>
          <div role="rowgroup" className={classes.rows} style={{ height: rows.getTotalSize() }}>
            {visible.map(({ index, start, key }) => {
              const subject = subjects[index];
              return (
                subject && (
                  <SubjectRow
                    key={key}
                    subject={subject}
                    workflows={workflows}
                    index={index}
                    offset={start}
                    narrow={narrow}
                  />
                )
              );
            })}
          </div>
        </div>
      </div>
    </>
  );
}

function workflowsOf(subjects: readonly Subject[]): string[] {
  return [...new Set(subjects.flatMap(({ stages }) => stages.map(({ workflow }) => workflow)))].sort();
}
