/** Gathers what the rows of a page show from beside the job, of whatever kind it is, into one statement. */
import type { Database } from '@signalbox/db/client';
import type { Cost } from '@signalbox/db/cost';
import {
  readSides,
  type Sides,
  type StepHead,
  type StepPlace,
  stepPlaceText,
  type WantedSides,
  type WorkflowHead,
} from '@signalbox/db/row-sides';
import DataLoader from 'dataloader';

type Wanted = { [Kind in keyof WantedSides]: { kind: Kind; key: WantedSides[Kind][number] } }[keyof WantedSides];

export class SideLoader {
  readonly #loader: DataLoader<Wanted, Sides>;

  constructor(db: Database) {
    this.#loader = new DataLoader(
      async (all) => {
        const sides = await readSides(db, {
          costs: [...new Set(all.flatMap((one) => (one.kind === 'costs' ? [one.key] : [])))],
          workflows: [...new Set(all.flatMap((one) => (one.kind === 'workflows' ? [one.key] : [])))],
          steps: all.flatMap((one) => (one.kind === 'steps' ? [one.key] : [])),
        });
        return all.map(() => sides);
      },
      { cache: false },
    );
  }

  async cost(jobId: string): Promise<Cost | undefined> {
    return (await this.#loader.load({ kind: 'costs', key: jobId })).costs.get(jobId);
  }

  async workflow(id: string): Promise<WorkflowHead | undefined> {
    return (await this.#loader.load({ kind: 'workflows', key: id })).workflows.get(id);
  }

  async step(place: StepPlace): Promise<StepHead | undefined> {
    return (await this.#loader.load({ kind: 'steps', key: place })).steps.get(stepPlaceText(place));
  }
}

/** Whether a read would take no more than these columns: then it is better made along with the others of the page. */
export function takesOnly(query: { select?: object; include?: object }, columns: readonly string[]): boolean {
  if (!query.select) return false;
  return Object.entries(query.select).every(([column, selected]) => selected === true && columns.includes(column));
}
