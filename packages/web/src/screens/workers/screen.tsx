import { Skeleton } from '@mantine/core';
import { IconServerOff } from '@tabler/icons-react';
import { useEffect, useEffectEvent } from 'react';
import { useQuery } from 'urql';
import { Failed } from '../../app/failed.tsx';
import type { ResultOf } from '../../app/graphql.ts';
import { Message } from '../../app/message.tsx';
import { usePageTitle } from '../../app/page-title.ts';
import { useKept } from '../../app/use-kept.ts';
import { useLatest } from '../../live/use-latest.ts';
import { Plugins, Queues, QueuesUpdated, Workers, WorkersUpdated } from './documents.ts';
import { PluginTable } from './plugin-table.tsx';
import { QueueTable } from './queue-table.tsx';
import classes from './screen.module.css';
import { WorkerTable } from './worker-table.tsx';

const readWorkers = ({ workers }: ResultOf<typeof Workers>) => workers;
const toldWorkers = ({ workersUpdated }: ResultOf<typeof WorkersUpdated>) => workersUpdated.workers;
const readQueues = ({ queues }: ResultOf<typeof Queues>) => queues;
const toldQueues = ({ queuesUpdated }: ResultOf<typeof QueuesUpdated>) => queuesUpdated.queues;
const NOTHING = {};

/** Who runs jobs and how they are, how deep the queues are, and what became of the plugins; live. */
export function WorkersScreen() {
  usePageTitle('Workers');
  const workers = useLatest(NOTHING, [Workers, readWorkers], [WorkersUpdated, toldWorkers]);
  const queues = useLatest(NOTHING, [Queues, readQueues], [QueuesUpdated, toldQueues]);
  const [read, readPlugins] = useQuery({ query: Plugins, requestPolicy: 'cache-and-network' });
  const plugins = useKept(read)?.plugins;

  // Whatever changes a plugin is told by its worker's heartbeat.
  const refreshPlugins = useEffectEvent(() => readPlugins({ requestPolicy: 'network-only' }));
  const seen = workers.state?.map(({ id, stepTypes }) => [id, ...stepTypes].join()).join();
  useEffect(() => {
    if (seen !== undefined) refreshPlugins();
  }, [seen]);

  const healthy = workers.state?.filter((worker) => worker.healthy) ?? [];
  const sum = (pick: (worker: (typeof healthy)[number]) => number) => healthy.reduce((all, one) => all + pick(one), 0);
  const failure = workers.error ?? queues.error;
  if (failure && !workers.state && !queues.state) {
    const refresh = () => {
      workers.refresh();
      queues.refresh();
    };
    return <Failed page error={failure} retry={refresh} />;
  }
  return (
    <div className={classes.screen}>
      <header className={classes.head}>
        <h1>Workers and queues</h1>
        {workers.state && (
          <p className="sb-mute sb-number">
            {healthy.length} healthy · {sum((worker) => worker.runningJobs)} of {sum((worker) => worker.concurrency)}{' '}
            slots taken
          </p>
        )}
      </header>
      <section aria-label="Workers">
        {!workers.state && <Skeleton height={114} />}
        {workers.state?.length === 0 && (
          <div className={classes.none}>
            <Message icon={<IconServerOff size={22} />} title="No worker is alive">
              Queued jobs wait until one starts: npm start brings one along, npm run start:executor another one.
            </Message>
          </div>
        )}
        {workers.state && workers.state.length > 0 && <WorkerTable workers={workers.state} />}
      </section>
      <section aria-labelledby="queues">
        <h2 id="queues" className={classes.title}>
          Queues
        </h2>
        {queues.state ? (
          queues.state.length > 0 ? (
            <QueueTable queues={queues.state} />
          ) : (
            <p className="sb-mute">No worker serves a queue, and no job stands in one.</p>
          )
        ) : (
          <Skeleton height={74} />
        )}
      </section>
      {plugins && plugins.length > 0 && (
        <section aria-labelledby="plugins">
          <h2 id="plugins" className={classes.title}>
            Plugins
          </h2>
          <PluginTable plugins={plugins} />
        </section>
      )}
    </div>
  );
}
