/** Resolves when the process is asked to stop: by a signal, or because whoever started it has gone. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve());
    process.once('disconnect', () => resolve());
  });
}
