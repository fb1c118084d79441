import { listStepTypes, type StepTypeRow } from '@signalbox/db/workers';
import { builder } from '../builder.ts';

const StepType = builder.objectRef<StepTypeRow>('StepType').implement({
  description: 'A kind of step that some worker can run, as its newest worker describes it.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'What a workflow writes as the `type` of a step.' }),
    title: t.exposeString('title', { description: 'Its name for people.' }),
    description: t.exposeString('description', { description: 'What it does, in a sentence or two.' }),
    icon: t.exposeString('icon', {
      nullable: true,
      description: 'The name of the icon that it is shown with; null when the plugin does not say.',
    }),
    plugin: t.exposeString('plugin', { description: 'The plugin it comes from.' }),
    pluginVersion: t.exposeString('pluginVersion', { description: 'The version of that plugin.' }),
    configSchema: t.expose('configSchema', {
      type: 'JSONObject',
      description:
        'JSON Schema 2020-12 of what a step of this type has under `with`, once its expressions are evaluated.',
    }),
    outputSchema: t.expose('outputSchema', {
      type: 'JSONObject',
      nullable: true,
      description: 'JSON Schema 2020-12 of its output; null when the plugin does not say.',
    }),
    workers: t.exposeInt('workers', {
      description: 'How many healthy workers can run it now; 0 means that such steps wait.',
    }),
  }),
});

builder.queryField('stepTypes', (t) =>
  t.field({
    type: [StepType],
    description: 'Every step type that a worker advertised within the last day, in the order of the alphabet.',
    resolve: (_root, _args, { services, viewer }) => listStepTypes(services.db, viewer.tenantId, services.leaseSeconds),
  }),
);
