import { listPlugins, type PluginRow, type PluginStatus as PluginStatusValue } from '@signalbox/db/worker-plugins';
import { builder } from '../builder.ts';

const STATUSES: Record<PluginStatusValue, { description: string }> = {
  LOADED: { description: 'Its step types can be run.' },
  REFUSED: { description: 'It cannot be used; `problem` says why.' },
};

const PluginStatus = builder.enumType('PluginStatus', {
  description: 'What became of a plugin that a worker was told to load.',
  values: STATUSES,
});

const Plugin = builder.objectRef<PluginRow>('Plugin').implement({
  description: 'A plugin as one worker has loaded or refused it.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its own name, or its source when it could not tell one.' }),
    version: t.exposeString('version', {
      nullable: true,
      description: 'Its version; null when it could not tell one.',
    }),
    status: t.expose('status', { type: PluginStatus, description: 'Whether its step types can be run.' }),
    problem: t.exposeString('problem', {
      nullable: true,
      description:
        'Why it was refused, in one line. Of one that is loaded: why its newest change is not in use; null when all is well.',
    }),
    stepTypes: t.exposeStringList('stepTypes', {
      description: 'Its step types that can be run; none when it was refused.',
    }),
    source: t.exposeString('source', { description: 'What SIGNALBOX_PLUGINS says: a package or a path.' }),
    workerId: t.exposeID('workerId', { description: 'The worker that says so.' }),
    workerName: t.exposeString('workerName', { description: 'The name of that worker.' }),
  }),
});

builder.queryField('plugins', (t) =>
  t.field({
    type: [Plugin],
    description:
      'The plugins of all healthy workers, the built-in ones too, by name: one entry for each worker that was told to load it. They follow the files within two seconds.',
    resolve: (_root, _args, { services, viewer }) => listPlugins(services.db, viewer.tenantId, services.leaseSeconds),
  }),
);
