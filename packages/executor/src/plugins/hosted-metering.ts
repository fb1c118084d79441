import type { Activity, Reservation, StepContext } from '@signalbox/plugin-sdk';
import type { Calls, Told } from './protocol.ts';
import { receivedAmount, receivedCost } from './sent-cost.ts';

/** The activities and reservations of a step that runs in the process of its plugin. */
export class HostedMetering {
  readonly #ctx: Pick<StepContext<unknown>, 'activity' | 'reserve'>;
  /** By what the plugin calls them. */
  readonly #activities = new Map<string, Activity>();
  readonly #reservations = new Map<number, Reservation>();
  #lastReservation = 0;

  constructor(ctx: Pick<StepContext<unknown>, 'activity' | 'reserve'>) {
    this.#ctx = ctx;
  }

  begin(id: string, { parent, ...start }: Told['activity']['start']): void {
    const over = parent === undefined ? undefined : this.#activities.get(parent);
    const activity = this.#ctx.activity?.({ ...start, ...(over && { parent: over }) });
    if (activity) this.#activities.set(id, activity);
  }

  end(id: string, { cost, ...end }: Told['activityEnd']['end']): void {
    this.#activities.get(id)?.end({ ...end, ...(cost && { cost: receivedCost(cost) }) });
  }

  async reserve({ limit, microUsd, ...rest }: Calls['reserve']['ask']): Promise<Calls['reserve']['answer']> {
    const reservation = await this.#ctx.reserve?.({
      ...rest,
      ...receivedAmount(microUsd),
      ...(limit && { limit: { ...limit, microUsd: receivedAmount(limit.microUsd).microUsd } }),
    });
    if (!reservation) throw new Error('This executor has no budgets.');
    this.#lastReservation += 1;
    this.#reservations.set(this.#lastReservation, reservation);
    return { reservation: this.#lastReservation, limited: reservation.limited };
  }

  async settle({ cost, reservation }: Calls['settle']['ask']): Promise<null> {
    await this.#take(reservation).settle(receivedCost(cost));
    return null;
  }

  async release({ reservation }: Calls['release']['ask']): Promise<null> {
    await this.#take(reservation).release();
    return null;
  }

  #take(id: number): Reservation {
    const reservation = this.#reservations.get(id);
    if (!reservation) throw new Error('There is no such reservation, or it has ended.');
    this.#reservations.delete(id);
    return reservation;
  }
}
