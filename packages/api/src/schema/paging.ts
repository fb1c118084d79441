import { builder } from '../builder.ts';
import { requestError } from '../request-error.ts';

export interface PageLimits {
  /** Taken when neither `first` nor `last` is given. */
  usual: number;
  most: number;
}

export interface PageArgs {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

export interface PageRequest {
  limit: number;
  /** True when the end of the list is asked for. */
  backward: boolean;
  after?: string;
  before?: string;
}

/** The arguments of a connection that can be read from both ends. */
export function pageArgs(limits: PageLimits) {
  return builder.args((t) => ({
    first: t.int({
      description: `So many from the beginning, or behind \`after\`. At most ${limits.most}; ${limits.usual} when neither first nor last is given.`,
    }),
    after: t.string({ description: 'Cursor of an item of this list in the same order: only what comes behind it.' }),
    last: t.int({
      description: `So many from the end, or before \`before\`. At most ${limits.most}; not together with first.`,
    }),
    before: t.string({ description: 'Cursor of an item of this list in the same order: only what comes before it.' }),
  }));
}

/** Checks what was asked for; throws a BAD_USER_INPUT error that names the argument. */
export function readPageArgs(args: PageArgs, limits: PageLimits): PageRequest {
  if (args.first != null && args.last != null) {
    throw requestError('Give either "first" or "last", not both: a page has one beginning to count from.');
  }
  for (const [name, value] of [
    ['first', args.first],
    ['last', args.last],
  ] as const) {
    if (value != null && (value < 0 || value > limits.most)) {
      throw requestError(`"${name}" must be from 0 to ${limits.most}, not ${value}. Use the cursors to read on.`);
    }
  }
  return {
    limit: args.first ?? args.last ?? limits.usual,
    backward: args.last != null,
    after: args.after ?? undefined,
    before: args.before ?? undefined,
  };
}

/** What a page costs: everything selected below it counts once for each item that may come. */
export function pageCost(limits: PageLimits) {
  return (args: PageArgs) => ({ field: 10, multiplier: Math.max(1, args.first ?? args.last ?? limits.usual) });
}
