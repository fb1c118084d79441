import { AsyncLocalStorage } from 'node:async_hooks';
import { isOutage } from '@signalbox/db/outage';
import type { Logger } from 'pino';

/** Where what code of a step throws goes when nobody awaits it. */
export interface Sink {
  /** False when the step has ended already. */
  take(error: unknown): boolean;
  /** As the service log may show it. */
  shown(error: unknown): unknown;
}

const sinks = new AsyncLocalStorage<Sink>();

/** Does the work so that what it throws later, in timers, events and forgotten promises, is given to the sink. */
export function catchingStrays<T>(sink: Sink, work: () => T): T {
  return sinks.run(sink, work);
}

/** @param onBroken called for an exception that no step is to blame for: this process must not go on for long */
export function watchStrayErrors(logger: Logger, onBroken: () => void): void {
  process.on('unhandledRejection', (error) => {
    const sink = sinks.getStore();
    if (sink?.take(error)) return;
    const err = sink ? sink.shown(error) : error;
    // The queue library does not wait for the statement that ends a task. A task that comes again finds its job done.
    if (isOutage(error)) logger.warn({ err }, 'a statement failed while the database was away');
    else logger.error({ err }, 'a promise was rejected and nobody was there to hear it');
  });
  process.on('uncaughtException', (error) => {
    const sink = sinks.getStore();
    if (sink?.take(error)) return;
    logger.fatal(
      { err: sink ? sink.shown(error) : error },
      sink ? 'a step that had ended threw an exception' : 'an exception was not caught',
    );
    if (!sink) onBroken();
  });
}
