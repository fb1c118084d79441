/** @dbos-inc/dbos-sdk as its manual shows it: a registered workflow, called in-process, whose steps are stored one by one. */
import { DBOS } from '@dbos-inc/dbos-sdk';
import { type Contender, type ContenderOptions, repeat, STEPS_PER_JOB } from './contender.ts';
import { serveContender } from './served-contender.ts';

async function open({ concurrency, databaseUrl }: ContenderOptions): Promise<Contender> {
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl: databaseUrl, logLevel: 'error', runAdminServer: false });
  const workflow = DBOS.registerWorkflow(
    async () => {
      for (let step = 0; step < STEPS_PER_JOB; step += 1)
        await DBOS.runStep(async () => null, { name: `step-${step}` });
    },
    { name: 'five-steps' },
  );
  await DBOS.launch();
  return {
    runJobs: (count) => repeat(count, concurrency, workflow),
    async runOne() {
      const began = performance.now();
      await workflow();
      return { finishedMs: performance.now() - began };
    },
    close: () => DBOS.shutdown(),
  };
}

serveContender(open);
