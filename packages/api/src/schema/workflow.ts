import { queryFromInfo } from '@pothos/plugin-prisma';
import type { StepDefinition } from '@signalbox/core/definition';
import {
  drawWorkflow,
  type GraphEdge as GraphEdgeValue,
  type GraphNode as GraphNodeValue,
  type WorkflowGraph as WorkflowGraphValue,
} from '@signalbox/core/workflow-graph';
import { escapeLike } from '@signalbox/db/like-pattern';
import { storableText } from '@signalbox/db/storable';
import { builder } from '../builder.ts';
import { decodeSlugCursor, encodeSlugCursor } from '../cursors.ts';
import { connectionType, pageOf, withoutSurplus } from './connection.ts';
import { pageCost, readPageArgs } from './paging.ts';

const GraphPosition = builder.objectRef<GraphNodeValue['position']>('GraphPosition').implement({
  description: 'A place in a drawing.',
  fields: (t) => ({
    x: t.exposeFloat('x', { description: 'From left to right.' }),
    y: t.exposeFloat('y', { description: 'From top to bottom.' }),
  }),
});

const GraphNode = builder.objectRef<GraphNodeValue>('GraphNode').implement({
  description: 'A step in a drawing.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The key of the step.' }),
    type: t.exposeString('type', { description: 'Its step type.' }),
    position: t.expose('position', {
      type: GraphPosition,
      description: 'Where it stands: as it was drawn, or else behind what it needs.',
    }),
    data: t.expose('data', {
      type: 'JSONObject',
      description: 'Its other fields as a source writes them: `name`, `with`, `if`, `timeout`, `retry` and so on.',
    }),
  }),
});

const GraphEdge = builder.objectRef<GraphEdgeValue>('GraphEdge').implement({
  description: 'That one step needs another.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Unique in the drawing.' }),
    source: t.exposeID('source', { description: 'The step that is needed.' }),
    target: t.exposeID('target', { description: 'The step that needs it.' }),
  }),
});

const WorkflowStep = builder.objectRef<StepDefinition>('WorkflowStep').implement({
  description: 'A step as its workflow defines it.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Its name in the workflow, unique there.' }),
    name: t.exposeString('name', { description: 'Its name for people; the key unless the workflow gives one.' }),
    type: t.exposeString('type', { description: 'The step type that runs it, such as command.' }),
    needs: t.exposeStringList('needs', { description: 'Keys of the steps that must be settled before it starts.' }),
    condition: t.string({
      nullable: true,
      description:
        'The CEL expression that decides whether it runs or is skipped, for each item if it speaks of `item` or `index`; null when it always runs.',
      resolve: (step) => step.if ?? null,
    }),
    forEach: t.field({
      type: 'JSON',
      nullable: true,
      description:
        'The list it runs for, or the expression that gives it: one step for each item. Null when it runs once.',
      resolve: (step) => step.forEach ?? null,
    }),
    maxParallel: t.int({
      nullable: true,
      description: 'How many of its items run at the same time at most; null when only the worker limits them.',
      resolve: (step) => step.maxParallel ?? null,
    }),
  }),
});

const WorkflowGraph = builder.objectRef<WorkflowGraphValue>('WorkflowGraph').implement({
  description:
    'The steps as a drawing. The same nodes and edges, changed or not, can be saved in the place of `steps`.',
  fields: (t) => ({
    nodes: t.field({
      type: [GraphNode],
      description: 'The steps, in the order of the source.',
      resolve: ({ nodes }) => nodes,
    }),
    edges: t.field({ type: [GraphEdge], description: 'What they need.', resolve: ({ edges }) => edges }),
  }),
});

builder.prismaObject('WorkflowVersion', {
  description: 'A workflow as it was saved once. Versions never change.',
  select: { workflowId: true, version: true },
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'From 1.' }),
    source: t.exposeString('source', { description: 'The YAML or JSON as it was saved.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was saved.' }),
  }),
});

export const Workflow = builder.prismaNode('Workflow', {
  description: 'A named definition of steps, with all its versions. The fields below tell of the newest one.',
  select: { id: true },
  id: { field: 'id' },
  nullable: true,
  findUnique: (id, { viewer }) => ({ id, tenantId: viewer.tenantId }),
  fields: (t) => ({
    slug: t.exposeString('slug', { description: 'Its name in addresses and in `createJob`; never changes.' }),
    name: t.exposeString('name', { description: 'Its name for people.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What it is for; null when its source does not say.',
    }),
    version: t.exposeInt('currentVersion', { description: 'The number of the newest version, from 1.' }),
    source: t.string({
      description: 'The YAML or JSON as it was saved.',
      select: { currentVersion: true },
      resolve: async (workflow, _args, { loaders }) => (await loaders.version.load(newestOf(workflow))).source,
    }),
    inputSchema: t.field({
      type: 'JSONObject',
      description: "JSON Schema 2020-12 of a job's input.",
      select: { currentVersion: true },
      resolve: async (workflow, _args, { loaders }) =>
        (await loaders.version.load(newestOf(workflow))).definition.input,
    }),
    steps: t.field({
      type: [WorkflowStep],
      description: 'Its steps in the order of the source.',
      select: { currentVersion: true },
      resolve: async (workflow, _args, { loaders }) =>
        (await loaders.version.load(newestOf(workflow))).definition.steps,
    }),
    graph: t.field({
      type: WorkflowGraph,
      description: 'Its steps as a drawing.',
      select: { currentVersion: true },
      resolve: async (workflow, _args, { loaders }) =>
        drawWorkflow((await loaders.version.load(newestOf(workflow))).definition.steps),
    }),
    versions: t.relation('versions', {
      description: 'Every version, the newest first.',
      query: { orderBy: { version: 'desc' } },
    }),
  }),
});

function newestOf({ id, currentVersion }: { id: string; currentVersion: number }) {
  return { workflowId: id, version: currentVersion };
}

builder.queryField('workflow', (t) =>
  t.prismaField({
    type: Workflow,
    nullable: true,
    description: 'One workflow by its slug; null when there is none.',
    args: { slug: t.arg.string({ required: true, description: 'Its slug.' }) },
    resolve: (query, _root, { slug }, { services, viewer }) =>
      services.db.prisma.workflow.findUnique({
        ...query,
        where: { tenantId_slug: { tenantId: viewer.tenantId, slug: storableText(slug) } },
      }),
  }),
);

const LIMITS = { usual: 20, most: 100 };

const WorkflowConnection = connectionType('Workflow', Workflow, 'workflows');

builder.queryField('workflows', (t) =>
  t.field({
    type: WorkflowConnection,
    description: 'The workflows in the order of their slugs.',
    args: {
      first: t.arg.int({ description: `So many, at most ${LIMITS.most}; ${LIMITS.usual} unless told.` }),
      after: t.arg.string({ description: 'Cursor of a workflow of this list: only what comes behind it.' }),
      search: t.arg.string({
        description: 'Only workflows that have this text in their name, slug or description, in any case.',
      }),
    },
    complexity: pageCost(LIMITS),
    resolve: async (_root, args, context, info) => {
      const request = readPageArgs(args, LIMITS);
      const { prisma } = context.services.db;
      const search = args.search?.trim();
      const contains = search
        ? { contains: escapeLike(storableText(search)), mode: 'insensitive' as const }
        : undefined;
      const matching = {
        tenantId: context.viewer.tenantId,
        ...(contains && { OR: [{ name: contains }, { slug: contains }, { description: contains }] }),
      };
      const rows = await prisma.workflow.findMany({
        ...queryFromInfo({ context, info, path: ['edges', 'node'], select: { id: true, slug: true } }),
        where: {
          AND: [matching, { slug: { gt: request.after === undefined ? undefined : decodeSlugCursor(request.after) } }],
        },
        orderBy: { slug: 'asc' },
        take: request.limit + 1,
      });
      const page = withoutSurplus(rows, request);
      const edges = page.rows.map((node) => ({ cursor: encodeSlugCursor(node.slug), node }));
      return pageOf(edges, page.more, request, () => prisma.workflow.count({ where: matching }));
    },
  }),
);
