import { useSyncExternalStore } from 'react';

/**
 * The one clock of the page: everything that counts up reads it and changes at the same moment. It ticks once a
 * second, on the second, while somebody looks.
 */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
let skew = 0;

/** The server's time in milliseconds, as well as it is known here. */
export function serverNow(): number {
  return Date.now() + skew;
}

/**
 * Learns how far this machine's clock is off from an answer's `Date` header. The header has whole seconds and the
 * answer took a while, so a difference of less than three seconds is taken for none.
 */
export function learnServerTime(header: string | null): void {
  const at = header === null ? Number.NaN : Date.parse(header);
  if (Number.isNaN(at)) return;
  const difference = at + 500 - Date.now();
  skew = Math.abs(difference) < 3000 ? 0 : difference;
}

function tick(): void {
  for (const listener of listeners) listener();
  timer = setTimeout(tick, 1000 - (serverNow() % 1000));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setTimeout(tick, 1000 - (serverNow() % 1000));
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearTimeout(timer);
    timer = undefined;
  };
}

function subscribeToNothing(): () => void {
  return () => {};
}

/**
 * A text made from the present time. The component renders again only in the seconds in which the text changes;
 * with `still` it never does.
 */
export function useClockText(text: (now: number) => string, still = false): string {
  return useSyncExternalStore(still ? subscribeToNothing : subscribe, () => text(serverNow()));
}
