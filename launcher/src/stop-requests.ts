/** A second signal so soon is the same Ctrl-C: the terminal sends it to all of us, and our parents pass it on as well. */
const SAME_PRESS_MS = 1000;

export interface StopRequests {
  /** Aborts at the first request to stop, or when something went wrong for good. */
  stopping: AbortSignal;
  /** Resolves when stopping aborts. */
  stopped: Promise<void>;
  stopBecause(problem: Error): void;
  /** What went wrong, where that is the reason. */
  problem(): Error | undefined;
  /** Whether somebody asked. */
  isAsked(): boolean;
  /** Calls back when somebody loses patience and asks again. */
  onForce(listener: () => void): void;
}

/** Listens to the signals that end a service, and to the death of the process that started it. */
export function listenForStop(): StopRequests {
  const controller = new AbortController();
  const stopped = Promise.withResolvers<void>();
  const forceListeners: (() => void)[] = [];
  let askedAt: number | undefined;
  let problem: Error | undefined;
  controller.signal.addEventListener('abort', () => stopped.resolve());
  const ask = () => {
    if (askedAt !== undefined && performance.now() - askedAt > SAME_PRESS_MS)
      for (const listener of forceListeners) listener();
    askedAt ??= performance.now();
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  process.once('disconnect', ask);
  return {
    stopping: controller.signal,
    stopped: stopped.promise,
    stopBecause(error) {
      problem ??= controller.signal.aborted ? undefined : error;
      controller.abort();
    },
    problem: () => problem,
    isAsked: () => askedAt !== undefined,
    onForce: (listener) => forceListeners.push(listener),
  };
}
