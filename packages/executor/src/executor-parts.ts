import type { Settings } from '@signalbox/core/settings';
import type { Database } from '@signalbox/db/client';
import type { SignalSender } from '@signalbox/db/signals';
import type { ToolServers } from '@signalbox/plugin-sdk/host';
import type { Logger } from 'pino';
import type { ArtifactStore } from './artifact-store.ts';
import type { ChangeWriter } from './change-writer.ts';
import type { HeldJobs } from './held-jobs.ts';
import type { JobClaims } from './job-claims.ts';
import type { LogWriter } from './log-writer.ts';
import type { ProgramWatch } from './program-watch.ts';
import type { StepTypes } from './runnable-step-type.ts';
import type { SecretSources } from './secret-sources.ts';
import type { Wakes } from './wakes.ts';
import type { WorkFolders } from './work-folders.ts';

/** What all jobs of one executor share. */
export interface ExecutorParts {
  settings: Settings;
  workerId: string;
  db: Database;
  logger: Logger;
  stepTypes: StepTypes;
  held: HeldJobs;
  claims: JobClaims;
  changes: ChangeWriter;
  logs: LogWriter;
  signals: SignalSender;
  wakes: Wakes;
  artifacts: ArtifactStore;
  folders: WorkFolders;
  programs: ProgramWatch;
  servers: ToolServers;
  secrets: SecretSources;
}
