import { UnstyledButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { Link } from 'react-router';
import { useClient } from 'urql';
import { tellDone, tellFailure } from '../../app/tell.tsx';
import { shortId } from '../../ids/short-id.ts';
import classes from './bulk.module.css';
import { BULK_WORDS, type BulkAction, type BulkScope, countJobs } from './bulk.ts';
import { type BulkDone, performBulk } from './perform-bulk.ts';

/** As many jobs are named in a message. */
const NAMED = 3;

/** A function that does something with many jobs and says what came of it, with a way to take it back where there is one. */
export function useBulk(): (action: BulkAction, scope: BulkScope) => Promise<void> {
  const client = useClient();
  return useCallback(
    async function perform(action: BulkAction, scope: BulkScope): Promise<void> {
      const words = BULK_WORDS[action];
      let stopped = false;
      let progress: string | undefined;

      function tellProgress(done: number): void {
        const message = (
          <span className={classes.told}>
            {countJobs(done)} {words.done} so far
            <UnstyledButton className={classes.undo} onClick={stop}>
              Stop
            </UnstyledButton>
          </span>
        );
        const told = { title: words.label, message, loading: true, autoClose: false } as const;
        if (progress === undefined) progress = notifications.show(told);
        else notifications.update({ ...told, id: progress });
      }

      function stop(): void {
        stopped = true;
      }

      const outcome = await performBulk(client, action, scope, { onProgress: tellProgress, isStopped: () => stopped });
      if (progress !== undefined) notifications.hide(progress);
      tellOutcome(action, outcome, (undo, ids) => void perform(undo, { ids }));
    },
    [client],
  );
}

function tellOutcome(action: BulkAction, outcome: BulkDone, act: (action: BulkAction, ids: string[]) => void): void {
  const { label, done: doneWord, undo } = BULK_WORDS[action];
  const { done, failure } = outcome;
  if (failure) tellFailure(`${label}: ${failure.title}`, failure.message);
  if (done.length > 0) {
    const notification = `${action} ${done[0]}`;
    tellDone(
      `${countJobs(done.length)} ${doneWord}`,
      <span className={classes.told}>
        {action !== 'DELETE' && <JobLinks ids={done} />}
        {outcome.remaining > 0 && <span>{outcome.remaining.toLocaleString('en')} more match</span>}
        {undo && (
          <UnstyledButton
            className={classes.undo}
            onClick={() => {
              notifications.hide(notification);
              act(undo.action, done);
            }}
          >
            {undo.label}
          </UnstyledButton>
        )}
      </span>,
      notification,
    );
  }
  if (outcome.refusedCount > 0) tellRefused(label, outcome);
}

function JobLinks({ ids }: { ids: readonly string[] }) {
  return (
    <>
      {ids.slice(0, NAMED).map((id) => (
        <Link key={id} className="sb-mono sb-link" to={`/jobs/${id}`}>
          {shortId(id)}
        </Link>
      ))}
      {ids.length > NAMED && <span>and {(ids.length - NAMED).toLocaleString('en')} more</span>}
    </>
  );
}

function tellRefused(label: string, { refused, refusedCount }: BulkDone): void {
  const named = refused.slice(0, NAMED);
  const lines = named.map(({ id, message }) => `${shortId(id)}: ${message}`);
  if (refusedCount > named.length) lines.push(`and ${(refusedCount - named.length).toLocaleString('en')} more`);
  tellFailure(`${label}: ${countJobs(refusedCount)} refused`, lines.join('\n'));
}
