import { queryFromInfo } from '@pothos/plugin-prisma';
import { ConflictError, InvalidInputError, NotFoundError } from '@signalbox/db/failures';
import { deleteInputTemplate, MOST_TEMPLATES, saveInputTemplate } from '@signalbox/db/input-templates';
import { storableText } from '@signalbox/db/storable';
import { builder } from '../builder.ts';
import { checkedName, LONGEST_NAME } from '../checked-name.ts';
import { ForbiddenError } from '../forbidden.ts';
import { checkJobRequest, requireWorkflow } from '../job-request.ts';
import { JobPriority } from './statuses.ts';

const InputTemplate = builder.prismaObject('InputTemplate', {
  description:
    'What jobs of a workflow can be started with again: an input and what stands beside it, kept under a name for everybody.',
  select: { id: true },
  fields: (t) => ({
    id: t.exposeID('id', { description: 'UUIDv7 of the template.' }),
    name: t.exposeString('name', { description: 'Its name, unique in the workflow.' }),
    workflow: t.relation('workflow', { description: 'The workflow that it is for.' }),
    input: t.field({
      type: 'JSONObject',
      description: 'The input as it was saved. It may be incomplete, or not fit the newest version any more.',
      select: { input: true },
      resolve: ({ input }) => input,
    }),
    priority: t.expose('priority', {
      type: JobPriority,
      nullable: true,
      description: 'The priority to start with; null for the usual one.',
    }),
    subject: t.exposeString('subject', { nullable: true, description: 'What such a job is about; null for nothing.' }),
    labels: t.exposeStringList('labels', { description: 'The labels to start with.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was saved for the first time.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was saved for the last time.' }),
  }),
});

builder.queryField('inputTemplates', (t) =>
  t.prismaField({
    type: [InputTemplate],
    description: `The templates of a workflow in the order of their names, at most ${MOST_TEMPLATES}; none when there is no such workflow.`,
    args: { workflow: t.arg.string({ required: true, description: 'The slug of the workflow.' }) },
    complexity: { field: 10, multiplier: 20 },
    resolve: (query, _root, { workflow }, { services, viewer }) =>
      services.db.prisma.inputTemplate.findMany({
        ...query,
        where: { tenantId: viewer.tenantId, workflow: { slug: storableText(workflow) } },
        orderBy: { name: 'asc' },
      }),
  }),
);

const SaveInputTemplateResult = builder.errorUnion('SaveInputTemplateResult', {
  description: 'The template, or why it was not saved.',
  types: [InputTemplate, InvalidInputError, NotFoundError, ForbiddenError, ConflictError],
  resolveType: () => 'InputTemplate',
});

builder.mutationField('saveInputTemplate', (t) =>
  t.field({
    type: SaveInputTemplateResult,
    description: `Keeps an input under a name; a template that has this name in the workflow is replaced. The input is not checked, so that one can be kept that still lacks something. NotFound without such a workflow; Conflict when it has ${MOST_TEMPLATES} templates already.`,
    args: {
      workflow: t.arg.string({ required: true, description: 'The slug of the workflow.' }),
      name: t.arg.string({ required: true, description: `What to call it, 1 to ${LONGEST_NAME} characters.` }),
      input: t.arg({ type: 'JSONObject', required: true, description: 'The input to keep.' }),
      priority: t.arg({ type: JobPriority, description: 'The priority to start with; the usual one unless told.' }),
      subject: t.arg.string({ description: 'What such a job is about; nothing unless told.' }),
      labels: t.arg.stringList({ description: 'The labels to start with; none unless told.' }),
    },
    complexity: 20,
    authScopes: { right: 'operate' },
    resolve: async (_root, { workflow: slug, name, input, priority, subject, labels }, context, info) => {
      const { services, viewer } = context;
      const called = checkedName(name, 'template');
      checkJobRequest({ subject, labels });
      const { workflowId } = await requireWorkflow(services.db, viewer.tenantId, slug);
      const id = await saveInputTemplate(services.db, {
        tenantId: viewer.tenantId,
        workflowId,
        name: called,
        input,
        priority: priority ?? null,
        subject: subject?.trim() || null,
        labels: labels ?? [],
      });
      const template = await services.db.prisma.inputTemplate.findUniqueOrThrow({
        ...queryFromInfo({ context, info, typeName: 'InputTemplate', select: { id: true } }),
        where: { id, tenantId: viewer.tenantId },
      });
      return InputTemplate.addBrand(template);
    },
  }),
);

const DeletedInputTemplate = builder.objectRef<{ id: string }>('DeletedInputTemplate').implement({
  description: 'A template that is gone.',
  fields: (t) => ({ id: t.exposeID('id', { description: 'The id it had.' }) }),
});

const DeleteInputTemplateResult = builder.errorUnion('DeleteInputTemplateResult', {
  description: 'The id of the deleted template, or why it is still there.',
  types: [DeletedInputTemplate, NotFoundError, ForbiddenError],
  resolveType: () => 'DeletedInputTemplate',
});

builder.mutationField('deleteInputTemplate', (t) =>
  t.field({
    type: DeleteInputTemplateResult,
    description: 'Removes a template. Jobs that were started from it are not concerned.',
    args: { id: t.arg.id({ required: true, description: 'UUID of the template. Any other text is an unknown id.' }) },
    authScopes: { right: 'operate' },
    resolve: async (_root, { id }, { services, viewer }) => {
      if (!(await deleteInputTemplate(services.db, viewer.tenantId, id)))
        throw new NotFoundError(`There is no template with the id "${id.slice(0, 100)}".`);
      return { id };
    },
  }),
);
