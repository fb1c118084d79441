/** Runs it when the page has nothing else to do, a little after it was loaded; the returned function takes that back. */
export function whenIdle(run: () => void): () => void {
  const timer = setTimeout(() => {
    if ('requestIdleCallback' in window) requestIdleCallback(run);
    else run();
  }, 2_000);
  return () => clearTimeout(timer);
}
