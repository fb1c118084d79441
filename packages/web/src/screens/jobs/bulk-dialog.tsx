import { Button, Modal } from '@mantine/core';
import { shortId } from '../../ids/short-id.ts';
import { JobStatusChip } from '../../status/status-chip.tsx';
import classes from './bulk.module.css';
import { BULK_WORDS, type BulkAction, countJobs } from './bulk.ts';
import type { BulkPreview } from './bulk-preview.ts';

interface Props {
  action: BulkAction;
  preview: BulkPreview;
  onConfirm: () => void;
  onClose: () => void;
}

const SAMPLE = 5;

/** What an action would do to many jobs, and to which of them it cannot be done, before it is done. */
export function BulkDialog({ action, preview: { allowed, refused }, onConfirm, onClose }: Props) {
  const { label, verb, text, undo } = BULK_WORDS[action];
  const what = `${verb} ${countJobs(allowed.length)}`;
  const sample = allowed.slice(0, SAMPLE);
  return (
    <Modal opened onClose={onClose} title={`${what}?`} size={480}>
      <p className={classes.text}>{text}</p>
      <ul className={classes.sample}>
        {sample.map((job) => (
          <li key={job.id}>
            <JobStatusChip {...job} />
            <span className="sb-cut">
              <strong>{job.workflow.slug}</strong> <span className="sb-mute">{job.subject}</span>
            </span>
            <span className="sb-mono sb-mute">{shortId(job.id)}</span>
          </li>
        ))}
        {allowed.length > sample.length && (
          <li className="sb-mute">and {(allowed.length - sample.length).toLocaleString('en')} more</li>
        )}
      </ul>
      {refused.length > 0 && (
        <p className={classes.refused}>
          {refused.map(({ reason, count }) => `${count} ${reason}`).join(', ')}: cannot be{' '}
          {label === 'Retry' ? 'retried' : label === 'Delete' ? 'deleted' : 'cancelled so'} and stay as they are.
        </p>
      )}
      <div className={classes.buttons}>
        <Button onClick={onClose}>Keep them</Button>
        <Button variant={undo && action !== 'FORCE_CANCEL' ? 'primary' : 'danger'} data-autofocus onClick={onConfirm}>
          {what}
        </Button>
      </div>
    </Modal>
  );
}
