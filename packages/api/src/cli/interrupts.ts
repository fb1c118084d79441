/** One press of Ctrl-C arrives several times: from the terminal itself, and once more from each npm and launcher in between. */
const SAME_PRESS_MS = 300;

/** Calls back for each wish to stop, counted from 1. Gives the function that lets go. */
export function onInterrupt(listener: (press: number) => void): () => void {
  let press = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  const hear = () => {
    const now = performance.now();
    const isSame = now - lastAt < SAME_PRESS_MS;
    lastAt = now;
    if (!isSame) listener(++press);
  };
  process.on('SIGINT', hear);
  process.on('SIGTERM', hear);
  return () => {
    process.off('SIGINT', hear);
    process.off('SIGTERM', hear);
  };
}
