import { Button, Skeleton } from '@mantine/core';
import { useQuery } from 'urql';
import { Dialog } from '../../app/dialog.tsx';
import { describeError } from '../../app/failure.ts';
import { rowNumbers } from '../../app/row-numbers.ts';
import { shortId } from '../../ids/short-id.ts';
import { JobStatusChip } from '../../status/status-chip.tsx';
import classes from './bulk.module.css';
import { BULK_WORDS, type BulkAction, type BulkScope, countJobs } from './bulk.ts';
import { PreviewBulk } from './bulk-documents.ts';

interface Props {
  action: BulkAction;
  scope: BulkScope;
  /** How many are expected, until the server has counted. */
  expected: number;
  onConfirm: () => void;
  onClose: () => void;
}

/** What an action would do to many jobs, and to which of them it cannot be done, as the server says before it is done. */
export function BulkDialog({ action, scope, expected, onConfirm, onClose }: Props) {
  const words = BULK_WORDS[action];
  const [{ data, error }] = useQuery({
    query: PreviewBulk,
    variables: {
      action: action === 'FORCE_CANCEL' ? 'CANCEL' : action,
      ...('ids' in scope ? { ids: [...scope.ids] } : { filter: scope.filter }),
    },
    requestPolicy: 'network-only',
  });
  const preview = data?.bulkPreview;
  const accepted = preview?.accepted ?? expected;
  const what = `${words.verb} ${countJobs(accepted)}`;
  return (
    <Dialog onClose={onClose} title={`${what}?`} size={520}>
      <p className={classes.text}>{words.text}</p>
      {error && !preview && <p className={classes.refused}>{describeError(error).message}</p>}
      <ul className={classes.sample}>
        {!preview && !error && rowNumbers(Math.min(5, expected)).map((row) => <Skeleton key={row} height={22} />)}
        {preview?.sample.slice(0, 5).map((job) => (
          <li key={job.id}>
            <JobStatusChip {...job} />
            <span className="sb-cut">
              <strong>{job.workflow.slug}</strong> <span className="sb-mute">{job.subject}</span>
            </span>
            <span className="sb-mono sb-mute">{shortId(job.id)}</span>
          </li>
        ))}
        {preview && accepted > 5 && <li className="sb-mute">and {(accepted - 5).toLocaleString('en')} more</li>}
      </ul>
      {preview && preview.refused.length > 0 && (
        <div className={classes.refused}>
          <p>{countJobs(preview.matched - accepted)} will stay as they are:</p>
          <ul>
            {preview.refused.map(({ count, error: reason }) => (
              <li key={reason.message}>
                <strong>{count.toLocaleString('en')}</strong> {reason.message}
              </li>
            ))}
          </ul>
        </div>
      )}
      {preview?.needsLimit && (
        <p className={classes.text}>They are done a thousand at a time, and you can stop in between.</p>
      )}
      <div className={classes.buttons}>
        <Button onClick={onClose}>Keep them</Button>
        <Button
          variant={action === 'DELETE' || action === 'FORCE_CANCEL' ? 'danger' : 'primary'}
          data-autofocus
          disabled={preview === undefined || accepted === 0}
          onClick={onConfirm}
        >
          {what}
        </Button>
      </div>
    </Dialog>
  );
}
