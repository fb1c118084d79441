/** Stands in for an executor: stores the lines of a running job as executors do, and sends the hints that they send. */
import { type Database, openDatabase } from '@signalbox/db/client';
import { type ClaimedJob, claimJob } from '@signalbox/db/executions';
import { DEFAULT_TENANT_ID, newId } from '@signalbox/db/ids';
import { createJob } from '@signalbox/db/jobs';
import { appendLogLines } from '@signalbox/db/logs';
import { SignalSender } from '@signalbox/db/signals';
import { NOTHING, saveSteps } from '../contenders/bench-workflows.ts';
import { type Production, produce } from './produced-line.ts';
import { serveProgram } from './served.ts';

export type SignalboxLinesRequest =
  | { kind: 'open'; databaseUrl: string }
  /** Gives the id of a new job that is running. */
  | { kind: 'job' }
  | ({ kind: 'produce' } & Production);

let db: Database;
let signals: SignalSender;
let job: ClaimedJob | undefined;

serveProgram(async (request: SignalboxLinesRequest): Promise<string> => {
  if (request.kind === 'open') {
    db = openDatabase(request.databaseUrl, { applicationName: 'bench lines', maxConnections: 2 });
    signals = new SignalSender(request.databaseUrl);
  } else if (request.kind === 'job') {
    const workflow = await saveSteps(db, 'nothing', NOTHING);
    const { id } = await createJob(db, { tenantId: DEFAULT_TENANT_ID, workflow, input: {} });
    job = await claimJob(db, id, { workerId: newId(), workerName: 'bench', leaseSeconds: 3_600 });
    return id;
  } else {
    const held = job;
    if (!held) throw new Error('no job is held');
    const line = {
      jobId: held.id,
      epoch: held.epoch,
      level: 'INFO',
      stream: 'STDOUT',
      stepKey: null,
      attempt: null,
    } as const;
    await produce(request, async (texts) => {
      const at = new Date();
      await appendLogLines(
        db,
        texts.map((message) => ({ ...line, at, message })),
      );
      signals.send('logged', held.id);
    });
  }
  return '';
});
