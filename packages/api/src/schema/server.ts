import packageJson from '../../package.json' with { type: 'json' };
import { builder } from '../builder.ts';

const Server = builder.objectRef<{ version: string; time: Date }>('Server').implement({
  description: 'The API process that answers.',
  fields: (t) => ({
    version: t.exposeString('version', { description: 'The version of Signalbox that it runs.' }),
    time: t.expose('time', { type: 'DateTime', description: 'The present moment, by its clock.' }),
  }),
});

builder.queryField('server', (t) =>
  t.field({
    type: Server,
    description: 'Which version answers, and what time it is there.',
    resolve: () => ({ version: packageJson.version, time: new Date() }),
  }),
);
