import pg from 'pg';
import { OBSERVER } from '../contenders/observer.ts';

/** Everything that Signalbox and its queue library say by NOTIFY. */
const CHANNELS = ['jobs:insert', 'worker:migrate', 'signalbox_changed', 'signalbox_logged', 'signalbox_control'];

export interface NotificationCount {
  channel: string;
  /** The application name of the connection whose transaction carried it. */
  sender: string;
  count: number;
}

export interface NotificationCounter {
  /** What was heard so far. The senders must be connected still, to be known by name. */
  counts(): Promise<NotificationCount[]>;
  close(): Promise<void>;
}

/** Listens to all notifications and remembers whose they were. */
export async function countNotifications(databaseUrl: string): Promise<NotificationCounter> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: OBSERVER });
  const heard = new Map<string, { channel: string; pid: number; count: number }>();
  client.on('notification', ({ channel, processId }) => {
    const key = `${processId} ${channel}`;
    const entry = heard.get(key) ?? { channel, pid: processId, count: 0 };
    entry.count += 1;
    heard.set(key, entry);
  });
  await client.connect();
  for (const channel of CHANNELS) await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
  return {
    async counts() {
      const { rows } = await client.query<{ pid: number; name: string }>(
        'SELECT pid, application_name AS name FROM pg_stat_activity WHERE datname = current_database()',
      );
      const names = new Map(rows.map(({ name, pid }) => [pid, name]));
      const totals = new Map<string, NotificationCount>();
      for (const { channel, count, pid } of heard.values()) {
        const sender = names.get(pid) ?? 'a connection that is gone';
        const total = totals.get(`${channel} ${sender}`) ?? { channel, sender, count: 0 };
        total.count += count;
        totals.set(`${channel} ${sender}`, total);
      }
      return [...totals.values()];
    },
    close: () => client.end(),
  };
}
