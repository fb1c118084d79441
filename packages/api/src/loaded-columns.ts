/**
 * Answers a field from its row, where the row has what the field needs. The Prisma plugin looks up for each such field of each
 * row by which plan it was loaded, which costs more than all the rest of a page of jobs; it is only asked for what is missing.
 */
import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';

const NAME = 'loadedColumns';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      loadedColumns: LoadedColumnsPlugin<Types>;
    }
  }
}

/** Rows whose relations hold all that was selected of them. */
const whole = new WeakSet<object>();

/** Says that the relations of a row hold plain rows, with every column that was selected. */
export function markWhole(row: object): void {
  whole.add(row);
}

class LoadedColumnsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { extensions, kind, resolve }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (kind !== 'PrismaObject') return resolver;
    const column = extensions?.pothosExposedField;
    if (typeof column === 'string') {
      return (row, args, context, info) => {
        const value = (row as Record<string, unknown>)[column];
        return value === undefined ? resolver(row, args, context, info) : value;
      };
    }
    const isLoaded = loadedCheck(extensions);
    if (!isLoaded || !resolve) return resolver;
    return (row, args, context, info) =>
      (isLoaded(row as Record<string, unknown>) ? resolve : resolver)(row as never, args, context, info);
  }
}

type LoadedCheck = (row: Record<string, unknown>) => boolean;

function loadedCheck(extensions: PothosOutputFieldConfig<SchemaTypes>['extensions']): LoadedCheck | undefined {
  const relation = extensions?.pothosPrismaRelationField as { name: string } | undefined;
  if (relation) return (row) => whole.has(row) && row[relation.name] !== undefined;
  const select = extensions?.pothosPrismaSelect;
  if (typeof select !== 'object' || select === null) return undefined;
  const columns = Object.entries(select);
  if (columns.some(([, selected]) => selected !== true)) return undefined;
  return (row) => columns.every(([name]) => row[name] !== undefined);
}

SchemaBuilder.registerPlugin(NAME, LoadedColumnsPlugin);

/** To be listed before the Prisma plugin. */
export default NAME;
