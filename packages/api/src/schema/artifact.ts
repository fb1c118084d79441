import { builder } from '../builder.ts';

export const Artifact = builder.prismaNode('Artifact', {
  description: 'A file that a step kept with its job.',
  select: { id: true },
  id: { field: 'id' },
  nullable: true,
  findUnique: (id, { viewer }) => ({ id, tenantId: viewer.tenantId }),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'File name.' }),
    contentType: t.exposeString('contentType', { description: 'Media type, as the step gave it.' }),
    sizeBytes: t.expose('sizeBytes', { type: 'BigInt', description: 'Size in bytes.' }),
    url: t.string({
      description: 'Path on this server that downloads it; always as an attachment, whatever its type.',
      resolve: ({ id }) => `/artifacts/${id}`,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was stored.' }),
  }),
});
