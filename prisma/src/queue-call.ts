import type { Pool } from 'pg';

/** The channel that the queue library's workers listen to; they look for as many tasks as it says. */
const CALL = `SELECT set_config('synchronous_commit', 'off', true), pg_notify('jobs:insert', json_build_object('count', $1::int)::text)`;

/**
 * Calls workers to tasks that were added in silence. What is asked for while a call is under way goes along with the next one.
 * A call that gets lost is made up for by the workers' polls.
 */
export class QueueCall {
  readonly #pool: Pool;
  #tasks = 0;
  #calling: Promise<void> | undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Never throws and never blocks. */
  send(): void {
    this.#tasks += 1;
    this.#calling ??= this.#callAll().finally(() => {
      this.#calling = undefined;
    });
  }

  /** Resolves when everything asked for is sent. */
  async sent(): Promise<void> {
    await this.#calling;
  }

  async #callAll(): Promise<void> {
    while (this.#tasks > 0) {
      const tasks = this.#tasks;
      this.#tasks = 0;
      await this.#pool.query({ name: 'call-workers', text: CALL, values: [tasks] }).catch(() => undefined);
    }
  }
}
