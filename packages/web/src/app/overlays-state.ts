import { Store } from './store.ts';

/** Whether the code for questions and notices is to come: when the page is idle, or as soon as there is one. */
export const overlaysWanted = new Store(false);

/** Resolves when they have a place on the page. */
export const overlaysHere = Promise.withResolvers<void>();
