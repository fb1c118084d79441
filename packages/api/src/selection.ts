/** What an operation selects of a field, before that is resolved. */
import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

/** Whether one of the fields right below is selected; those that a directive may leave out count too. */
export function selects({ fieldNodes, fragments }: GraphQLResolveInfo, field: string): boolean {
  const within = (set: SelectionSetNode | undefined): boolean =>
    set?.selections.some((selection) => {
      if (selection.kind === Kind.FIELD) return selection.name.value === field;
      if (selection.kind === Kind.INLINE_FRAGMENT) return within(selection.selectionSet);
      return within(fragments[selection.name.value]?.selectionSet);
    }) ?? false;
  return fieldNodes.some(({ selectionSet }) => within(selectionSet));
}
