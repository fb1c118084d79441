import path from 'node:path';
import { SignalSender } from '@signalbox/db/signals';
import type { ProcessStage } from '../process-stage.ts';
import { LEASE_SECONDS, Machine } from './executors.ts';
import { openLedger } from './ledger.ts';
import { runSchedule, type ScheduleReport, type ScheduleSize } from './schedule.ts';
import { openWorkload } from './workload.ts';

export interface Campaign {
  run(seed: number, size: ScheduleSize): Promise<ScheduleReport>;
  close(): Promise<void>;
}

/** Two executors on the stage's database, for one schedule after the other. */
export async function openCampaign(stage: ProcessStage): Promise<Campaign> {
  const ledger = await openLedger(path.join(stage.folder, 'ledger'));
  const signals = new SignalSender(stage.url);
  const settings = {
    SIGNALBOX_LEASE_SECONDS: String(LEASE_SECONDS),
    SIGNALBOX_PLUGINS: '',
    SIGNALBOX_HTTP_ALLOW: new URL(ledger.url).host,
  };
  const machine = (name: string) => new Machine(name, (worker, more) => stage.launch(worker, { ...settings, ...more }));
  const machines = [machine('a'), machine('b')] as const;
  const { db, violations } = stage;
  const parts = { db, violations, signals, ledger, machines, createJob: await openWorkload(stage.db, ledger) };
  return {
    run: (seed, size) => runSchedule(parts, seed, size),
    async close() {
      await Promise.all(machines.map((one) => one.end()));
      await Promise.all([ledger.close(), signals.close()]);
    },
  };
}
