import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useClient } from 'urql';
import { useActivityBeat } from '../../live/activity.ts';
import { compareUrl, MOST_COMPARED } from '../compare/rows.ts';
import classes from './bulk.module.css';
import { BULK_ACTIONS, BULK_WORDS, type BulkAction } from './bulk.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import { type BulkPreview, previewOf } from './bulk-preview.ts';
import { JobRow } from './documents.ts';
import { useBulk } from './use-bulk.tsx';

interface Props {
  /** The selected jobs, in the order of the list. */
  ids: readonly string[];
  onClear: () => void;
}

/** What can be done with the selected jobs: the actions that any of them allows, with how many do. */
export default function BulkBar({ ids, onClear }: Props) {
  const client = useClient();
  const perform = useBulk();
  // What the jobs allow changes with them.
  useActivityBeat();
  const [asked, setAsked] = useState<{ action: BulkAction; preview: BulkPreview }>();

  const jobs = ids.flatMap((id) => client.readQuery(JobRow, { id })?.data?.job ?? []);
  const possible = BULK_ACTIONS.map((action) => ({ action, preview: previewOf(jobs, action) })).filter(
    ({ preview }) => preview.allowed.length > 0,
  );

  function confirm(): void {
    if (!asked) return;
    setAsked(undefined);
    onClear();
    void perform(asked.action, { ids: asked.preview.allowed.map(({ id }) => id) });
  }

  return (
    <section className={classes.bar} aria-label="Selected jobs">
      <span className={classes.count} role="status">
        <strong>{ids.length.toLocaleString('en')}</strong> selected
      </span>
      {possible.map(({ action, preview }) => (
        <UnstyledButton key={action} className={classes.action} onClick={() => setAsked({ action, preview })}>
          {BULK_WORDS[action].label} {preview.allowed.length.toLocaleString('en')}
        </UnstyledButton>
      ))}
      {ids.length > 1 && ids.length <= MOST_COMPARED && (
        <Link className={classes.quiet} to={compareUrl(ids)}>
          Compare
        </Link>
      )}
      <UnstyledButton className={classes.quiet} onClick={onClear} aria-label="Clear the selection">
        <kbd className={classes.key}>esc</kbd>
      </UnstyledButton>
      {asked && <BulkDialog {...asked} onConfirm={confirm} onClose={() => setAsked(undefined)} />}
    </section>
  );
}
