import { UnstyledButton } from '@mantine/core';
import { useEffect, useEffectEvent, useState } from 'react';
import { Link } from 'react-router';
import { useClient, useQuery } from 'urql';
import { offered } from '../../actions/actions.ts';
import type { JobFilter } from '../../app/graphql.ts';
import { useKept } from '../../app/use-kept.ts';
import { useActivityBeat } from '../../live/activity.ts';
import { compareUrl, MOST_COMPARED } from '../compare/rows.ts';
import classes from './bulk.module.css';
import { BULK_ACTIONS, BULK_WORDS, type BulkAction, type BulkScope } from './bulk.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import { CountBulk } from './bulk-documents.ts';
import { JobRow } from './documents.ts';
import { useBulk } from './use-bulk.tsx';

interface Props {
  /** The selected jobs that are loaded, in the order of the list. */
  ids: readonly string[];
  /** Whether every job that matches is selected, the others too. */
  matching: boolean;
  /** What matches, and how many that are. */
  filter: JobFilter;
  total: number | undefined;
  onSelectMatching: () => void;
  onClear: () => void;
}

type Counts = Partial<Record<BulkAction, number>>;

/** What can be done with the selected jobs: the actions that any of them allows, with how many do. */
export default function BulkBar({ ids, matching, filter, total, onSelectMatching, onClear }: Props) {
  const perform = useBulk();
  const [asked, setAsked] = useState<{ action: BulkAction; scope: BulkScope; expected: number }>();
  const allowing = useAllowing(ids);
  const matched = useMatchingCounts(filter, !matching);

  const counts: Counts | undefined = matching
    ? matched
    : Object.fromEntries(BULK_ACTIONS.map((action) => [action, allowing(action).length]));
  const selected = matching ? (total ?? ids.length) : ids.length;

  function confirm(): void {
    if (!asked) return;
    setAsked(undefined);
    onClear();
    const { action, scope } = asked;
    // Those that do not allow it are known to refuse, and were told in the dialog.
    void perform(action, 'ids' in scope ? { ids: allowing(action) } : scope);
  }

  return (
    <section className={classes.bar} aria-label="Selected jobs">
      <span className={classes.count} role="status">
        <strong>{selected.toLocaleString('en')}</strong> selected
      </span>
      {!matching && total !== undefined && total > ids.length && (
        <UnstyledButton className={classes.quiet} onClick={onSelectMatching}>
          Select all {total.toLocaleString('en')} that match
        </UnstyledButton>
      )}
      {BULK_ACTIONS.map((action) => {
        const count = counts?.[action] ?? 0;
        if (count === 0) return null;
        const scope: BulkScope = matching ? { filter } : { ids };
        return (
          <UnstyledButton
            key={action}
            className={classes.action}
            onClick={() => setAsked({ action, scope, expected: count })}
          >
            {BULK_WORDS[action].label} {count.toLocaleString('en')}
          </UnstyledButton>
        );
      })}
      {!matching && ids.length > 1 && ids.length <= MOST_COMPARED && (
        <Link className={classes.quiet} to={compareUrl(ids)}>
          Compare
        </Link>
      )}
      <UnstyledButton className={classes.quiet} onClick={onClear}>
        <span className="sb-hidden">Clear the selection </span>
        <kbd className={classes.key}>esc</kbd>
      </UnstyledButton>
      {asked && <BulkDialog {...asked} onConfirm={confirm} onClose={() => setAsked(undefined)} />}
    </section>
  );
}

/** Which of some loaded jobs allow an action now, as they say themselves. */
function useAllowing(ids: readonly string[]): (action: BulkAction) => string[] {
  const client = useClient();
  // What the jobs allow changes with them.
  useActivityBeat();
  const jobs = ids.flatMap((id) => client.readQuery(JobRow, { id })?.data?.job ?? []);
  return (action) => jobs.filter((job) => offered(job).some((other) => other === action)).map(({ id }) => id);
}

/** How many of all that match allow each action, as the server counts; again every few seconds while jobs change. */
function useMatchingCounts(filter: JobFilter, pause: boolean): Counts | undefined {
  const turn = Math.floor(useActivityBeat() / 3);
  const [result, read] = useQuery({
    query: CountBulk,
    variables: { filter },
    requestPolicy: 'network-only',
    pause,
  });
  const refresh = useEffectEvent(() => {
    if (!pause) read({ requestPolicy: 'network-only' });
  });
  useEffect(() => {
    if (turn > 0) refresh();
  }, [turn]);
  const data = useKept(result);
  return data && { RETRY: data.RETRY.accepted, CANCEL: data.CANCEL.accepted, DELETE: data.DELETE.accepted };
}
