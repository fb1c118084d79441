import type { StepStatus } from '../app/graphql.ts';

/** What the views of a timeline have to know of a step to put it in its place. */
export interface RowStep {
  key: string;
  status: StepStatus;
  /** Which item of a `forEach` step it runs; null for a step of the workflow itself. */
  itemIndex: number | null;
}

export interface StepGroup {
  /** How many items there are. */
  size: number;
  /** How many are in each status. */
  counts: ReadonlyMap<StepStatus, number>;
  /** Whether every item has a row; else only those that need a look. */
  open: boolean;
  /** Items without a row. */
  hidden: number;
}

export interface StepRowOf<Step extends RowStep> {
  step: Step;
  /** The key of the step whose item it is. */
  parent: string | undefined;
  /** Given when the step has items. */
  group: StepGroup | undefined;
}

/** A group of no more items than this has nothing to fold. */
const SMALL = 6;

const NEEDS_A_LOOK: ReadonlySet<StepStatus> = new Set(['RUNNING', 'WAITING', 'FAILED']);

/** The key of the step that an item belongs to: `pages` for `pages[12]`. */
export function groupKeyOf(step: RowStep): string | undefined {
  return step.itemIndex === null ? undefined : step.key.replace(/\[\d+\]$/, '');
}

/**
 * The rows of a timeline: each step, and behind it its items. Of a long list of items only a few that run, wait or
 * failed have a row, and the one that is selected, until the list is opened.
 */
export function stepRows<Step extends RowStep>(
  steps: readonly Step[],
  open: ReadonlySet<string>,
  selected: string | undefined,
): StepRowOf<Step>[] {
  const items = itemsByStep(steps);
  return steps.flatMap((step): StepRowOf<Step>[] => {
    if (step.itemIndex !== null) return [];
    const own = items.get(step.key) ?? [];
    if (own.length === 0) return [{ step, parent: undefined, group: undefined }];
    const all = own.length <= SMALL || open.has(step.key);
    const shown = all ? own : worthARow(own, selected);
    const group = { size: own.length, counts: countStatuses(own), open: all, hidden: own.length - shown.length };
    return [
      { step, parent: undefined, group },
      ...shown.map((item) => ({ step: item, parent: step.key, group: undefined })),
    ];
  });
}

/** Items that do not fit on few rows are folded; those of small groups never are. */
export function canFold(group: StepGroup): boolean {
  return group.size > SMALL;
}

/** The key of the step whose long list of items one belongs to; undefined when the list is short or the step is no item. */
export function foldedInto(steps: readonly RowStep[], key: string): string | undefined {
  const step = steps.find((candidate) => candidate.key === key);
  const parent = step && groupKeyOf(step);
  if (parent === undefined) return undefined;
  const size = steps.filter((candidate) => groupKeyOf(candidate) === parent).length;
  return size > SMALL ? parent : undefined;
}

function itemsByStep<Step extends RowStep>(steps: readonly Step[]): Map<string, Step[]> {
  const items = new Map<string, Step[]>();
  for (const step of steps) {
    const key = groupKeyOf(step);
    if (key === undefined) continue;
    const known = items.get(key);
    if (known) known.push(step);
    else items.set(key, [step]);
  }
  return items;
}

function worthARow<Step extends RowStep>(items: readonly Step[], selected: string | undefined): Step[] {
  const noted = new Set(items.filter(({ status }) => NEEDS_A_LOOK.has(status)).slice(0, SMALL));
  return items.filter((item) => noted.has(item) || item.key === selected);
}

export function countStatuses(steps: readonly RowStep[]): Map<StepStatus, number> {
  const counts = new Map<StepStatus, number>();
  for (const { status } of steps) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}
