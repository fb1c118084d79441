import { Store, useStore } from '../app/store.ts';

/** How long a hidden page stays live: switching to the editor and back must not cost anything. */
const HIDDEN_FOR = 120_000;

/** Whether somebody is looking at the page, or did a moment ago. Nothing is subscribed to when nobody is. */
export const attention = new Store(true);

let timer: ReturnType<typeof setTimeout> | undefined;

function update(): void {
  clearTimeout(timer);
  if (document.visibilityState === 'visible') attention.set(true);
  else timer = setTimeout(() => attention.set(false), HIDDEN_FOR);
}

document.addEventListener('visibilitychange', update);

export function useAttention(): boolean {
  return useStore(attention);
}
