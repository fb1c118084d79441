import { queryFromInfo } from '@pothos/plugin-prisma';
import { WORKFLOW_HEAD, type WorkflowHead } from '@signalbox/db/row-sides';
import DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import type { ApiContext } from '../context.ts';
import { takesOnly } from '../side-loader.ts';

/** The workflow of a job. All that one field asks for are read together, but for those that were read with the job. */
export function loadWorkflow(
  { workflow, workflowId }: { workflowId: string; workflow?: WorkflowHead },
  context: ApiContext,
  info: GraphQLResolveInfo,
): WorkflowHead | Promise<{ id: string }> {
  return context.loaders.forField(info, () => readerOf(context, info))(workflowId, info, workflow);
}

type WorkflowReader = (
  id: string,
  info: GraphQLResolveInfo,
  head: WorkflowHead | undefined,
) => WorkflowHead | Promise<{ id: string }>;

function readerOf(context: ApiContext, first: GraphQLResolveInfo): WorkflowReader {
  const { loaders, services, viewer } = context;
  const queryOf = (info: GraphQLResolveInfo) => queryFromInfo({ context, info, select: { id: true } });
  const query = queryOf(first);
  if (takesOnly(query, WORKFLOW_HEAD))
    return (id, _info, head) => head ?? loaders.sides.workflow(id).then(orMissing(id));
  const loader = new DataLoader(async (ids: readonly string[]) => {
    const where = { tenantId: viewer.tenantId, id: { in: [...ids] } };
    const rows = await services.db.prisma.workflow.findMany({ ...query, where });
    const found = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => found.get(id));
  });
  return (id, info) => {
    // Asked for each row anew: it tells Pothos what the row has, which would read it again otherwise.
    queryOf(info);
    return loader.load(id).then(orMissing(id));
  };
}

function orMissing(id: string) {
  return <Found>(found: Found | undefined): Found => {
    if (!found) throw new Error(`a job names the workflow ${id}, which is not there`);
    return found;
  };
}
