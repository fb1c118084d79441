import { queryFromInfo } from '@pothos/plugin-prisma';
import type { Issue } from '@signalbox/core/issues';
import type { ObjectSchema } from '@signalbox/core/json';
import { parseWorkflow } from '@signalbox/core/workflow';
import { ConflictError, InvalidInputError } from '@signalbox/db/failures';
import { listToolServers, listTools } from '@signalbox/db/tools';
import { listStepTypes } from '@signalbox/db/workers';
import { listSlugs, saveWorkflow } from '@signalbox/db/workflows';
import { builder } from '../builder.ts';
import type { ApiContext } from '../context.ts';
import { ForbiddenError } from '../forbidden.ts';
import { invalid } from '../job-request.ts';
import { InputIssue } from './errors.ts';
import { Workflow } from './workflow.ts';

/** Reads a source and checks its step types too, as soon as any worker has said which there are, and the workflows it runs. */
async function readWorkflow(source: string, { services, viewer }: ApiContext) {
  const asked = [services.db, viewer.tenantId, services.leaseSeconds] as const;
  const [advertised, tools, servers] = await Promise.all([
    listStepTypes(...asked),
    listTools(...asked),
    listToolServers(...asked),
  ]);
  const schemas = new Map(advertised.map(({ type, configSchema }) => [type, configSchema as ObjectSchema]));
  const known = {
    inputs: new Map(tools.map(({ inputSchema, name }) => [name, inputSchema as ObjectSchema])),
    // A server is known by what any worker could ask it; one that is reached by none may have any tool.
    servers: new Map(
      servers.map(({ name }) => [name, servers.some((each) => each.name === name && each.status === 'READY')]),
    ),
  };
  const slugs = await listSlugs(services.db, viewer.tenantId);
  return parseWorkflow(
    source,
    schemas.size > 0 ? schemas : undefined,
    slugs && new Set(slugs),
    tools.length > 0 ? known : undefined,
  );
}

const WorkflowValidation = builder.objectRef<{ issues: Issue[] }>('WorkflowValidation').implement({
  description: 'What saving a source would say of it.',
  fields: (t) => ({
    valid: t.boolean({ description: 'Whether it could be saved.', resolve: ({ issues }) => issues.length === 0 }),
    issues: t.expose('issues', {
      type: [InputIssue],
      description: 'Everything that is wrong with it, in the order of the text; at most 100 things.',
    }),
  }),
});

const sourceArg = builder.args((t) => ({
  source: t.string({
    required: true,
    description: 'The workflow as YAML or JSON, with `steps`, or drawn as `nodes` and `edges`.',
  }),
}));

builder.queryField('validateWorkflow', (t) =>
  t.field({
    type: WorkflowValidation,
    description:
      'Checks a workflow without saving it: its form, its expressions and their names, the workflows that it runs, and its step types and tools as soon as a worker has advertised any.',
    args: sourceArg,
    complexity: 100,
    resolve: async (_root, { source }, context) => readWorkflow(source, context),
  }),
);

const SaveWorkflowResult = builder.errorUnion('SaveWorkflowResult', {
  description: 'The workflow with its newest version, or why it was not saved.',
  types: [Workflow, InvalidInputError, ForbiddenError, ConflictError],
  resolveType: () => 'Workflow',
});

builder.mutationField('saveWorkflow', (t) =>
  t.field({
    type: SaveWorkflowResult,
    description:
      'Creates the workflow whose slug is in the source, or adds a version to it; the same source as the newest version adds nothing. Jobs go on with the version they froze. InvalidInput tells everything that is wrong, with line and column; Conflict when the newest version is not the expected one.',
    args: {
      ...sourceArg,
      expectedVersion: t.arg.int({
        description:
          'The newest version that the change was made to, 0 for a workflow that is to be new: Conflict when somebody has saved another one meanwhile. Not checked when absent.',
      }),
    },
    complexity: 100,
    authScopes: { right: 'admin' },
    resolve: async (_root, { source, expectedVersion }, context, info) => {
      const { services, viewer } = context;
      const { definition, issues } = await readWorkflow(source, context);
      if (!definition) throw invalid('The workflow cannot be saved', issues);
      const { id } = await saveWorkflow(services.db, viewer.tenantId, definition, source, expectedVersion ?? undefined);
      const workflow = await services.db.prisma.workflow.findUniqueOrThrow({
        ...queryFromInfo({ context, info, typeName: 'Workflow', select: { id: true } }),
        where: { id, tenantId: viewer.tenantId },
      });
      return Workflow.addBrand(workflow);
    },
  }),
);
