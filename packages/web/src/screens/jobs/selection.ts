import { useCallback, useState } from 'react';

/** Which jobs of a list are selected. Pure, apart from the hook at its end. */
export interface Selection {
  ids: ReadonlySet<string>;
  /** Where a range begins: what was selected by itself last. */
  anchor: string | undefined;
  /** Every job that matches the list's filter, the ones that are not loaded too; `ids` counts for nothing then. */
  matching: boolean;
}

export const NOTHING: Selection = { ids: new Set(), anchor: undefined, matching: false };

export function toggled({ ids }: Selection, id: string): Selection {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, anchor: id, matching: false };
}

/** Everything between the anchor and a job, both included, on top of what is selected. */
export function ranged(selection: Selection, order: readonly string[], id: string): Selection {
  const from = selection.anchor === undefined ? -1 : order.indexOf(selection.anchor);
  const to = order.indexOf(id);
  if (from < 0 || to < 0) return toggled(selection, id);
  const between = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ids: new Set([...selection.ids, ...between]), anchor: selection.anchor, matching: false };
}

/** Every loaded job; none when all of them are selected already. */
export function allToggled(selection: Selection, order: readonly string[]): Selection {
  if (selection.matching || order.every((id) => selection.ids.has(id))) return NOTHING;
  return { ids: new Set(order), anchor: selection.anchor, matching: false };
}

/** Those of the selected jobs that the list still shows, in its order. */
export function selectedIn({ ids, matching }: Selection, order: readonly string[]): readonly string[] {
  if (matching) return order;
  return ids.size === 0 ? [] : order.filter((id) => ids.has(id));
}

export interface Selecting {
  selection: Selection;
  set: (change: (now: Selection) => Selection) => void;
  clear: () => void;
}

/** What is selected in one list; another list begins without a selection. */
export function useSelection(list: string): Selecting {
  const [state, setState] = useState({ list, selection: NOTHING });
  const selection = state.list === list ? state.selection : NOTHING;
  const set = useCallback(
    (change: (now: Selection) => Selection) =>
      setState((now) => ({ list, selection: change(now.list === list ? now.selection : NOTHING) })),
    [list],
  );
  const clear = useCallback(() => set(() => NOTHING), [set]);
  return { selection, set, clear };
}
