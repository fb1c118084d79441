import { Link } from 'react-router';
import { shortId } from '../../ids/short-id.ts';
import { StatusChip } from '../../status/status-chip.tsx';
import { Ago } from '../../time/ago.tsx';
import { Until } from '../../time/until.tsx';
import type { Delivery, Webhook } from './documents.ts';
import { deliveryLook } from './looks.ts';
import classes from './screen.module.css';

/** The last messages to a webhook, and what became of them. */
export function Deliveries({ webhook: { deliveries, url } }: { webhook: Webhook }) {
  if (deliveries.length === 0)
    return <p className={classes.noMessages}>No message within the last week. The first change of a job makes one.</p>;
  return (
    <ul className={classes.deliveries} aria-label={`The last messages to ${url}`}>
      {deliveries.map((delivery) => (
        <li key={delivery.id}>
          <StatusChip look={deliveryLook(delivery)} />
          <Link className="sb-link" to={`/jobs/${delivery.jobId}`} aria-label={`Job ${shortId(delivery.jobId)}`}>
            <span className="sb-mono">{shortId(delivery.jobId)}</span>
          </Link>
          <span className="sb-mute">
            <Ago at={delivery.deliveredAt ?? delivery.createdAt} />
          </span>
          <Tries delivery={delivery} />
        </li>
      ))}
    </ul>
  );
}

function Tries({ delivery: { attempts, lastError, nextTryAt, status } }: { delivery: Delivery }) {
  return (
    <span className={classes.tries}>
      {attempts > 0 && (
        <span>
          {attempts} {attempts === 1 ? 'try' : 'tries'}
          {nextTryAt !== null && (
            <>
              , the next one <Until at={nextTryAt} />
            </>
          )}
        </span>
      )}
      {status !== 'DELIVERED' && lastError !== null && <span className={classes.problem}>{lastError}</span>}
    </span>
  );
}
