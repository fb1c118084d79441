import { Store } from './store.ts';

/** Whether the command palette is open; undefined until it was wanted for the first time, so that its code loads then. */
export const paletteOpened = new Store<boolean | undefined>(undefined);

/** Whether the list of keys is shown. */
export const helpOpened = new Store(false);
