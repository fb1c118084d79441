import { Store, useStore } from '../../app/store.ts';

const KEY = 'signalbox.jobs.expanded';
/** As many are remembered; the oldest are forgotten. */
const LIMIT = 100;

function read(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

const expanded = new Store<readonly string[]>(read());

/** Which rows are open, for as long as the browser's tab lives. */
export function useExpanded(): ReadonlySet<string> {
  return new Set(useStore(expanded));
}

export function toggleExpanded(id: string): void {
  const now = expanded.get();
  expanded.set(now.includes(id) ? now.filter((other) => other !== id) : [...now, id].slice(-LIMIT));
  try {
    sessionStorage.setItem(KEY, JSON.stringify(expanded.get()));
  } catch {
    // Without storage they are remembered until the page is loaded again.
  }
}
