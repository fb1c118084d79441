import { builder } from './builder.ts';
import './schema/scalars.ts';
import './schema/node.ts';
import './schema/job-list.ts';
import './schema/steps-connection.ts';
import './schema/waiting-for.ts';
import './schema/execution.ts';
import './schema/artifact.ts';
import './schema/job-creation.ts';
import './schema/job-moves.ts';
import './schema/job-bulk.ts';
import './schema/job-updates.ts';
import './schema/log-batches.ts';
import './schema/workflow-saving.ts';
import './schema/step-type.ts';
import './schema/worker.ts';
import './schema/plugin.ts';

export const schema = builder.toSchema();
