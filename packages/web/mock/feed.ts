import type { Simulation } from './simulation.ts';
import type { MockJob } from './world.ts';

/**
 * The changes of a simulation as the payloads of a subscription, for as long as somebody reads them.
 *
 * @param payload what is told of a changed job; nothing when it is undefined
 * @param first the job whose present state comes first
 */
export async function* feed<Payload>(
  simulation: Simulation,
  payload: (changed: MockJob) => Payload | undefined,
  first: MockJob | undefined,
): AsyncGenerator<Payload> {
  const waiting: Payload[] = [];
  let wake = () => {};
  const take = (changed: MockJob) => {
    const next = payload(changed);
    if (next === undefined) return;
    waiting.push(next);
    wake();
  };
  const stop = simulation.onChange(take);
  if (first) take(first);
  try {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    stop();
  }
}
