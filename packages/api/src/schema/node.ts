import { findNodeType } from '@signalbox/db/nodes';
import { builder } from '../builder.ts';

builder.queryField('node', (t) =>
  t.node({
    description: 'The job, step, workflow, artifact or schedule of an id; null when there is none.',
    args: { id: t.arg.id({ required: true, description: 'Its UUID. Any other text is an unknown id.' }) },
    id: async (_root, { id }, { services, viewer }) => {
      const type = await findNodeType(services.db, viewer.tenantId, id);
      return type ? { id, type } : null;
    },
  }),
);
