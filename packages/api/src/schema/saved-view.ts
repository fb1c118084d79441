/** Lists of jobs that people have named. */
import type { Issue } from '@signalbox/core/issues';
import { ConflictError, InvalidInputError, NotFoundError } from '@signalbox/db/failures';
import { checkFilter } from '@signalbox/db/job-filter';
import {
  deleteView,
  listSavedViews,
  MOST_SAVED_VIEWS,
  renameView,
  type SavedViewRow,
  saveView,
  type ViewOwner,
} from '@signalbox/db/saved-views';
import type { Viewer } from '../auth/viewer.ts';
import { builder } from '../builder.ts';
import { checkedName, LONGEST_NAME } from '../checked-name.ts';
import { ForbiddenError } from '../forbidden.ts';
import { invalid } from '../job-request.ts';
import { JobFilter } from './job-filter.ts';
import { JobOrder } from './job-list.ts';

const MOST_COLUMNS = 50;

const SavedView = builder.objectRef<SavedViewRow>('SavedView').implement({
  description: 'A list of jobs that somebody has named: which jobs, in which order, with which columns.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'UUIDv7 of the view.' }),
    name: t.exposeString('name', { description: 'Its name, unique among the views of its owner.' }),
    filter: t.expose('filter', {
      type: 'JSONObject',
      description:
        'Which jobs, as the input `JobFilter` takes it: pass it as the variable of a list, a subscription or a bulk action.',
    }),
    orderBy: t.expose('orderBy', {
      type: 'JSONObject',
      nullable: true,
      description: 'In which order, as the input `JobOrder` takes it; null: the newest first.',
    }),
    columns: t.exposeStringList('columns', {
      description:
        'What to show of each job, in this order: names that the client has chosen; empty when it chose none.',
    }),
    shared: t.exposeBoolean('shared', { description: 'Whether everybody of the tenant sees it.' }),
    owner: t.exposeString('ownerName', { description: 'Who saved it.' }),
    mine: t.boolean({
      description: 'Whether that is the viewer, who alone can rename it.',
      resolve: ({ owner }, _args, { viewer }) => owner === viewer.owner,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was saved for the first time.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was changed for the last time.' }),
  }),
});

builder.queryField('savedViews', (t) =>
  t.field({
    type: [SavedView],
    description: "The viewer's saved views and those that others share, by name.",
    complexity: { field: 1, multiplier: 20 },
    resolve: (_root, _args, { services, viewer }) => listSavedViews(services.db, ownerOf(viewer)),
  }),
);

const SavedViewResult = builder.errorUnion('SavedViewResult', {
  description: 'The view as it is now, or why nothing was done.',
  types: [SavedView, InvalidInputError, NotFoundError, ForbiddenError, ConflictError],
  resolveType: () => 'SavedView',
});

builder.mutationField('saveView', (t) =>
  t.field({
    type: SavedViewResult,
    description: `Saves a list under a name, in the place of the viewer's older one with that name; at most ${MOST_SAVED_VIEWS} for each viewer. Forbidden when it is to be shared and the viewer may not operate.`,
    args: {
      name: t.arg.string({ required: true, description: `Its name, 1 to ${LONGEST_NAME} characters.` }),
      filter: t.arg({ type: JobFilter, description: 'Which jobs; all when absent.' }),
      orderBy: t.arg({ type: JobOrder, description: 'In which order; the newest first when absent.' }),
      columns: t.arg.stringList({
        description: `What to show of each job: names that the client chooses, at most ${MOST_COLUMNS}, each 1 to ${LONGEST_NAME} characters.`,
      }),
      shared: t.arg.boolean({ description: 'Whether everybody of the tenant sees it. False unless told.' }),
    },
    authScopes: { right: 'read' },
    resolve: (_root, { columns, filter, name, orderBy, shared }, { services, viewer }) => {
      if (shared && !viewer.rights.has('operate')) {
        throw new ForbiddenError('You may not share a view: it needs the right to operate. Save it for yourself.');
      }
      checkFilter(filter ?? {});
      const view = {
        name: checkedName(name, 'view'),
        filter: filter ?? {},
        orderBy: orderBy ?? null,
        columns: checkedColumns(columns ?? []),
        shared: shared ?? false,
      };
      return saveView(services.db, ownerOf(viewer), view);
    },
  }),
);

const idArg = builder.args((t) => ({
  id: t.id({ required: true, description: 'UUID of the view. Any other text is an unknown id.' }),
}));

builder.mutationField('renameView', (t) =>
  t.field({
    type: SavedViewResult,
    description: "Gives one of the viewer's own views another name. Conflict when another one of them has it.",
    args: {
      ...idArg,
      name: t.arg.string({ required: true, description: `The new name, 1 to ${LONGEST_NAME} characters.` }),
    },
    authScopes: { right: 'read' },
    resolve: (_root, { id, name }, { services, viewer }) =>
      renameView(services.db, ownerOf(viewer), id, checkedName(name, 'view')),
  }),
);

const DeletedView = builder.objectRef<{ id: string }>('DeletedView').implement({
  description: 'A saved view that is gone.',
  fields: (t) => ({ id: t.exposeID('id', { description: 'The id it had.' }) }),
});

const DeleteViewResult = builder.errorUnion('DeleteViewResult', {
  description: 'The id of the deleted view, or why it is still there.',
  types: [DeletedView, NotFoundError, ForbiddenError],
  resolveType: () => 'DeletedView',
});

builder.mutationField('deleteView', (t) =>
  t.field({
    type: DeleteViewResult,
    description: "Removes one of the viewer's own views; admins can remove shared ones of others too.",
    args: idArg,
    authScopes: { right: 'read' },
    resolve: async (_root, { id }, { services, viewer }) => {
      await deleteView(services.db, ownerOf(viewer), id, viewer.rights.has('admin'));
      return { id };
    },
  }),
);

function ownerOf({ name, owner, tenantId }: Viewer): ViewOwner {
  return { tenantId, owner, ownerName: name };
}

/** Without blanks around it. Throws InvalidInputError. */
/** Throws InvalidInputError. */
function checkedColumns(columns: string[]): string[] {
  const issues: Issue[] = [];
  if (columns.length > MOST_COLUMNS) {
    const message = `A view has at most ${MOST_COLUMNS} columns, and this one has ${columns.length}.`;
    issues.push({ path: '/columns', message });
  }
  for (const [index, { length }] of columns.slice(0, MOST_COLUMNS).entries()) {
    if (length >= 1 && length <= LONGEST_NAME) continue;
    const message = `The name of a column has 1 to ${LONGEST_NAME} characters, and this one has ${length}.`;
    issues.push({ path: `/columns/${index}`, message });
  }
  if (issues.length > 0) throw invalid('The view cannot be saved', issues);
  return columns;
}
