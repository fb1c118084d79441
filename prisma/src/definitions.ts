import type { WorkflowDefinition } from '@signalbox/core/definition';
import type { Pool } from 'pg';

const MOST_KEPT = 500;

/** Definitions of workflow versions. They never change, so each is read and parsed once. */
export class Definitions {
  readonly #pool: Pool;
  readonly #known = new Map<string, Promise<WorkflowDefinition>>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  get(workflowId: string, version: number): Promise<WorkflowDefinition> {
    const key = `${workflowId} ${version}`;
    const known = this.#known.get(key) ?? this.#read(workflowId, version);
    this.#keep(key, known);
    return known;
  }

  /** As the one that was used last; the one that was not used for longest makes room. */
  #keep(key: string, definition: Promise<WorkflowDefinition>): void {
    this.#known.delete(key);
    this.#known.set(key, definition);
    definition.catch(() => this.#known.delete(key));
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KEPT && oldest !== undefined) this.#known.delete(oldest);
  }

  async #read(workflowId: string, version: number): Promise<WorkflowDefinition> {
    const { rows } = await this.#pool.query<{ definition: WorkflowDefinition }>({
      name: 'definition-of-version',
      text: 'SELECT definition FROM workflow_version WHERE workflow_id = $1 AND version = $2',
      values: [workflowId, version],
    });
    if (!rows[0]) throw new Error(`there is no version ${version} of the workflow ${workflowId}`);
    return rows[0].definition;
  }
}
