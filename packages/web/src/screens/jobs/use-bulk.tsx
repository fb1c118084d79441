import { UnstyledButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { Link } from 'react-router';
import { useClient } from 'urql';
import { tellDone, tellFailure } from '../../app/tell.tsx';
import { shortId } from '../../ids/short-id.ts';
import classes from './bulk.module.css';
import { BULK_WORDS, type BulkAction, type BulkDone, type BulkScope, countJobs, performBulk } from './bulk.ts';

const LINKS = 3;

/** A function that does something with many jobs and says what came of it, with a way to take it back where there is one. */
export function useBulk(): (action: BulkAction, scope: BulkScope) => Promise<void> {
  const client = useClient();
  return useCallback(
    async function perform(action: BulkAction, scope: BulkScope): Promise<void> {
      const words = BULK_WORDS[action];
      const outcome = await performBulk(client, action, scope);
      if ('title' in outcome) {
        tellFailure(`${words.label}: ${outcome.title}`, outcome.message);
        return;
      }
      const { done, refused } = outcome;
      const { undo } = words;
      if (done.length > 0) {
        tellDone(
          `${countJobs(done.length)} ${words.done}`,
          <span className={classes.told}>
            {action !== 'DELETE' && <JobLinks ids={done} />}
            {undo && (
              <UnstyledButton className={classes.undo} onClick={takeBack}>
                {undo.label}
              </UnstyledButton>
            )}
          </span>,
        );
      }
      if (refused.length > 0) tellRefused(words.label, refused);

      function takeBack(): void {
        notifications.clean();
        if (undo) void perform(undo.action, { ids: done });
      }
    },
    [client],
  );
}

function JobLinks({ ids }: { ids: readonly string[] }) {
  return (
    <>
      {ids.slice(0, LINKS).map((id) => (
        <Link key={id} className="sb-mono sb-link" to={`/jobs/${id}`}>
          {shortId(id)}
        </Link>
      ))}
      {ids.length > LINKS && <span>and {(ids.length - LINKS).toLocaleString('en')} more</span>}
    </>
  );
}

function tellRefused(label: string, refused: BulkDone['refused']): void {
  const shown = refused.slice(0, LINKS);
  const lines = shown.map(({ id, message }) => `${shortId(id)}: ${message}`);
  if (refused.length > shown.length) lines.push(`and ${(refused.length - shown.length).toLocaleString('en')} more`);
  tellFailure(`${label}: ${countJobs(refused.length)} refused`, lines.join('\n'));
}
