import { UnstyledButton } from '@mantine/core';
import { useId } from 'react';
import { useStore } from '../app/store.ts';
import { useClockText } from '../time/clock.ts';
import { type Connection, connection } from './connection.ts';
import classes from './connection-status.module.css';
import { reconnectNow } from './socket.ts';

const EXPLAINED: Record<Connection['state'], string> = {
  idle: 'Not connected: nothing on this page is live',
  connecting: 'Connecting to the server for live updates',
  live: 'Changes arrive as they happen',
  silent: 'The server does not answer. What is shown may be old; it catches up by itself.',
  waiting: 'The connection was cut. What is shown is refreshed every few seconds until it is back. Click to try now.',
  offline: 'The browser has no network. Live updates go on by themselves when it is back.',
};

/** Whether the page is live, small enough for the header. Clicking tries to connect again at once. */
export function ConnectionStatus() {
  const now = useStore(connection);
  const text = useClockText(() => describe(now), now.state !== 'waiting');
  const id = useId();
  return (
    <span className={classes.place}>
      <UnstyledButton className={classes.root} data-state={now.state} aria-describedby={id} onClick={reconnectNow}>
        <span className={classes.dot} />
        <span className="sb-hidden">Live updates: </span>
        <span className={classes.word}>{text}</span>
        {now.state === 'live' && <span className={classes.latency}>{formatLatency(now.latencyMs)}</span>}
      </UnstyledButton>
      <span id={id} role="tooltip" className={classes.explained}>
        {EXPLAINED[now.state]}
      </span>
    </span>
  );
}

function describe(now: Connection): string {
  switch (now.state) {
    case 'live':
      return 'Live';
    case 'waiting': {
      const seconds = Math.ceil((now.retryAt - Date.now()) / 1000);
      return seconds > 0 ? `Reconnecting in ${seconds} s` : 'Reconnecting';
    }
    case 'silent':
      return 'No answer';
    case 'offline':
      return 'Offline';
    case 'connecting':
      return 'Connecting';
    case 'idle':
      return 'Not live';
  }
}

function formatLatency(ms: number | undefined): string {
  if (ms === undefined) return '';
  return ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
}
