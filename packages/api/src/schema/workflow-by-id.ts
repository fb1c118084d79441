import { queryFromInfo } from '@pothos/plugin-prisma';
import { WORKFLOW_HEAD } from '@signalbox/db/row-sides';
import DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import type { ApiContext } from '../context.ts';
import { takesOnly } from '../side-loader.ts';

type Selected = ReturnType<typeof queryFromInfo<{ id: true }>>;

interface WorkflowReader {
  load(id: string): Promise<{ id: string } | undefined>;
}

/** The workflow of a job. All that one field asks for are read together. */
export async function loadWorkflow(id: string, context: ApiContext, info: GraphQLResolveInfo): Promise<{ id: string }> {
  // Asked for each row anew: it also tells Pothos what the row has, which would read it again otherwise.
  const query = queryFromInfo({ context, info, select: { id: true } });
  const workflow = await context.loaders.forField(info, () => readerOf(context, query)).load(id);
  if (!workflow) throw new Error(`a job names the workflow ${id}, which is not there`);
  return workflow;
}

function readerOf({ loaders, services, viewer }: ApiContext, query: Selected): WorkflowReader {
  if (takesOnly(query, WORKFLOW_HEAD)) return { load: (id) => loaders.sides.workflow(id) };
  return new DataLoader(async (ids: readonly string[]) => {
    const where = { tenantId: viewer.tenantId, id: { in: [...ids] } };
    const rows = await services.db.prisma.workflow.findMany({ ...query, where });
    const found = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => found.get(id));
  });
}
