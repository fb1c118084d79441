import { resolve } from 'node:path';
import type { JsonObject } from '@signalbox/core/json';
import { insertArtifact } from '@signalbox/db/artifacts';
import type { ClaimedJob } from '@signalbox/db/executions';
import { failpoint } from '@signalbox/db/failpoints';
import { newId } from '@signalbox/db/ids';
import type { StepContext } from '@signalbox/plugin-sdk';
import { provideHost } from '@signalbox/plugin-sdk/host';
import { artifactContentType, artifactName } from './artifact-name.ts';
import type { AttemptCost } from './attempt-cost.ts';
import type { AttemptRecords } from './attempt-records.ts';
import type { ExecutorParts } from './executor-parts.ts';
import type { JobSecrets } from './job-secrets.ts';
import type { LineStream } from './line-stream.ts';
import { maskingStream } from './masking-stream.ts';
import type { Reservations } from './reservations.ts';
import type { StepLog } from './step-log.ts';
import type { StepProcesses } from './step-processes.ts';
import { readSetting } from './step-settings.ts';
import { StepStopped } from './step-stopped.ts';
import { throughOutages } from './through-outages.ts';

export interface StepStage {
  parts: Pick<ExecutorParts, 'settings' | 'db' | 'artifacts' | 'folders' | 'servers'>;
  job: ClaimedJob;
  step: { id: string; key: string; type: string };
  attempt: { number: number; idempotencyKey: string };
  /** What has come of the wait that it goes on after. */
  resume: StepContext<unknown>['resume'];
  config: JsonObject;
  folder: string;
  signal: AbortSignal;
  log: StepLog;
  stream: LineStream;
  processes: StepProcesses;
  secrets: JobSecrets;
  cost: AttemptCost;
  records: AttemptRecords;
  reservations: Reservations;
  onProgress(percent: number): void;
  onLost(): void;
  /** Whether the job is to be paused: then a checkpoint ends the attempt. */
  pausing(): boolean;
  onPause(): void;
}

/** What a running step may know and do. */
export function stepContext(stage: StepStage): StepContext<JsonObject> {
  const { job, log, processes, secrets, signal, stream } = stage;
  const refuseWhenStopped = () => {
    if (signal.aborted) throw new StepStopped(signal.reason);
  };
  const context: StepContext<JsonObject> = {
    config: stage.config,
    job: {
      id: job.id,
      workflow: job.workflow,
      version: job.version,
      input: job.input,
      labels: job.labels,
      ...(job.subject === null ? {} : { subject: job.subject }),
    },
    step: { key: stage.step.key, type: stage.step.type },
    attempt: stage.attempt,
    ...(stage.resume && { resume: stage.resume }),
    signal,
    log: (level, message) => log.write(level, stream.current, message),
    progress(percent, note) {
      if (Number.isFinite(percent)) stage.onProgress(Math.min(100, Math.max(0, percent)));
      if (note !== undefined) log.write('PROGRESS', stream.current, note);
    },
    async checkpoint() {
      refuseWhenStopped();
      if (!(await log.flush())) stage.onLost();
      if (!signal.aborted && stage.pausing()) stage.onPause();
      refuseWhenStopped();
    },
    async spawn(program, args, options) {
      refuseWhenStopped();
      const result = await processes.spawn(program, args, options);
      if (!result.truncated) return result;
      const { mask } = secrets;
      return { ...result, stdout: mask.withoutCutFront(result.stdout), stderr: mask.withoutCutFront(result.stderr) };
    },
    async artifact(name, content, contentType) {
      refuseWhenStopped();
      return keepArtifact(stage, name, content, contentType);
    },
    cost: (entry) => stage.cost.add(entry),
    async reserve(request) {
      refuseWhenStopped();
      return stage.reservations.reserve(request);
    },
    activity: (start) => stage.records.begin(start),
    secret: (name) => secrets.get(name, (message) => log.system('WARNING', message)),
  };
  provideHost(context, {
    folder: () => stage.parts.folders.make(job.id),
    setting: (name) => readSetting(stage.parts.settings, name),
    servers: stage.parts.servers,
  });
  return context;
}

async function keepArtifact(
  stage: StepStage,
  name: string,
  content: Uint8Array | string | { path: string },
  contentType: string | undefined,
): Promise<{ id: string; url: string }> {
  const { artifacts, db } = stage.parts;
  const id = newId();
  const located =
    typeof content === 'object' && 'path' in content ? { path: resolve(stage.folder, content.path) } : content;
  const { mask } = stage.secrets;
  const shownName = mask.text(name);
  const masking = mask.active ? maskingStream(mask, () => stage.log.system('WARNING', damaged(shownName))) : undefined;
  const stored = await artifacts.put(stage.job.id, id, located, { signal: stage.signal, masking });
  const row = {
    id,
    jobId: stage.job.id,
    epoch: stage.job.epoch,
    stepId: stage.step.id,
    name: artifactName(shownName),
    contentType: artifactContentType(contentType && mask.text(contentType), shownName, typeof content === 'string'),
  };
  if (failpoint) await failpoint('before-artifact');
  try {
    const ours = await throughOutages(() => insertArtifact(db, { ...row, ...stored }), stage.signal);
    if (ours) return { id, url: `/artifacts/${id}` };
    stage.onLost();
    throw new StepStopped('lease-lost');
  } catch (error) {
    await artifacts.remove(stored.storageKey);
    throw error;
  }
}

function damaged(name: string): string {
  return `The artifact ${name} is no text and holds a secret, which was overwritten with asterisks: it may be damaged.`;
}
