import {
  listToolServers,
  listTools,
  type ToolServerStatus as Status,
  type ToolRow,
  type ToolServerRow,
} from '@signalbox/db/tools';
import { builder } from '../builder.ts';

const Tool = builder.objectRef<ToolRow>('Tool').implement({
  description: 'Something that tool steps and agents can call, as its newest worker describes it.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description: 'What a workflow writes: such as `http.request`, or `mcp:SERVER/TOOL`.',
    }),
    title: t.exposeString('title', { description: 'Its name for people.' }),
    description: t.exposeString('description', { description: 'What it does.' }),
    server: t.exposeString('server', {
      nullable: true,
      description: 'The MCP server it belongs to; null for a built-in tool.',
    }),
    inputSchema: t.expose('inputSchema', {
      type: 'JSONObject',
      description: 'JSON Schema of what it is given: the `input` of a tool step.',
    }),
    outputSchema: t.expose('outputSchema', {
      type: 'JSONObject',
      nullable: true,
      description:
        'JSON Schema of what it answers: for a built-in tool the whole output, for one of an MCP server its `structured` part. Null when it is not known.',
    }),
    workers: t.exposeInt('workers', { description: 'How many healthy workers offer it now.' }),
  }),
});

const statuses: Record<Status, { description: string }> = {
  CONNECTING: { description: 'The worker has not reached it yet.' },
  READY: { description: 'It is connected, and its tools are listed.' },
  UNREACHABLE: { description: 'It could not be reached, see `problem`; the worker tries again by itself.' },
};
const ToolServerStatus = builder.enumType('ToolServerStatus', {
  description: 'How a worker stands with an MCP server.',
  values: statuses,
});

const ToolServer = builder.objectRef<ToolServerRow>('ToolServer').implement({
  description: "An MCP server of a worker's configuration.",
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name in the configuration, and in `mcp:SERVER/TOOL`.' }),
    transport: t.exposeString('transport', { description: 'stdio or http.' }),
    status: t.expose('status', { type: ToolServerStatus, description: 'Whether it can be called now.' }),
    problem: t.exposeString('problem', {
      nullable: true,
      description: 'Why it cannot be reached, in one line; null while nothing is wrong.',
    }),
    toolCount: t.int({ description: 'How many tools it offers.', resolve: ({ tools }) => tools }),
    workerId: t.exposeID('workerId', { description: 'The worker that is connected to it.' }),
    workerName: t.exposeString('workerName', { description: 'The name of that worker.' }),
  }),
});

builder.queryFields((t) => ({
  tools: t.field({
    type: [Tool],
    description:
      'Every tool that a worker advertised within the last day: the built-in ones first, then those of MCP servers, by name.',
    resolve: (_root, _args, { services, viewer }) => listTools(services.db, viewer.tenantId, services.leaseSeconds),
  }),
  toolServers: t.field({
    type: [ToolServer],
    description: 'The MCP servers of the healthy workers, by name.',
    resolve: (_root, _args, { services, viewer }) =>
      listToolServers(services.db, viewer.tenantId, services.leaseSeconds),
  }),
}));
