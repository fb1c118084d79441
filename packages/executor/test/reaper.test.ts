import { openDatabase } from '@signalbox/db/client';
import { SignalSender } from '@signalbox/db/signals';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Reaper } from '../src/reaper.ts';
import { Wakes } from '../src/wakes.ts';

test('a part of a round that fails does not keep the rest from being done', async () => {
  // Nobody listens there.
  const url = 'postgres://127.0.0.1:1/none';
  const db = openDatabase(url, { applicationName: 'signalbox test' });
  onTestFinished(() => db.close());
  const [signals, logger] = [new SignalSender(url), pino({ level: 'silent' })];
  const sweep = vi.fn<() => Promise<void>>(async () => undefined);
  const reaper = new Reaper({ db, leaseSeconds: 30, signals, wakes: new Wakes(db, signals, logger), logger, sweep });
  reaper.start();
  // Ends after the first round.
  await reaper.stop();
  expect(sweep).toHaveBeenCalledOnce();
});
