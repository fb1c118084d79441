import { Store } from '../../../app/store.ts';

/** A new job made of this one: all of it again, or only what comes from one step on. */
export type Again = { mode: 'rerun' } | { mode: 'fork'; step: string | undefined };

/** What the dialog is open for; undefined while it is closed. */
export const again = new Store<Again | undefined>(undefined);
