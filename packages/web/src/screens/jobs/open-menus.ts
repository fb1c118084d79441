import { Store } from '../../app/store.ts';

/** How many menus of rows are open: rows must not move under them. */
export const openMenus = new Store(0);
