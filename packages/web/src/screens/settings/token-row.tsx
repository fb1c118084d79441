import { Button } from '@mantine/core';
import { WORDS } from '../../app/viewer.ts';
import { StatusChip } from '../../status/status-chip.tsx';
import { Ago } from '../../time/ago.tsx';
import { useClockText } from '../../time/clock.ts';
import { Until } from '../../time/until.tsx';
import type { ApiToken } from './documents.ts';
import { TOKEN_LOOKS, type TokenState, tokenState } from './looks.ts';
import classes from './screen.module.css';
import { useRevokeToken } from './use-revoke-token.tsx';

/** A token: what it may do, whether it counts, and when it was used. */
export function TokenRow({ token }: { token: ApiToken }) {
  const { name, prefix, scope, createdAt, createdBy, expiresAt, lastUsedAt, revokedAt, revokedBy } = token;
  const state = useClockText((now) => tokenState(token, now)) as TokenState;
  const revoke = useRevokeToken(token);
  const over = state === 'revoked' || state === 'expired';
  return (
    <tr className={classes.row} data-over={over || undefined}>
      <th scope="row" className={classes.what}>
        <span>{name}</span>
        <span className={classes.prefix}>{prefix}…</span>
      </th>
      <td data-label="May">{WORDS[scope]}</td>
      <td data-label="State">
        <StatusChip look={TOKEN_LOOKS[state]} />
      </td>
      <td data-label="Made">
        <span className={classes.lines}>
          <Ago at={createdAt} />
          <span className={classes.by}>by {createdBy}</span>
        </span>
      </td>
      <td data-label="Ends">
        {revokedAt !== null ? (
          <span className={classes.lines}>
            <Ago at={revokedAt} />
            {revokedBy !== null && <span className={classes.by}>by {revokedBy}</span>}
          </span>
        ) : expiresAt === null ? (
          <span className="sb-mute">never</span>
        ) : state === 'expired' ? (
          <Ago at={expiresAt} />
        ) : (
          <Until at={expiresAt} />
        )}
      </td>
      <td data-label="Last used">
        {lastUsedAt === null ? <span className="sb-mute">never</span> : <Ago at={lastUsedAt} />}
      </td>
      <td className={classes.actions}>
        {!over && (
          <Button size="compact-sm" aria-label={`Revoke ${name}`} onClick={revoke}>
            Revoke
          </Button>
        )}
      </td>
    </tr>
  );
}
