/** Who waits for whom. */

export interface GraphStep {
  key: string;
  needs: readonly string[];
}

export interface StepOrder {
  /** Indexes of the steps, each behind everything it needs. Steps in a circle, and behind one, are left out. */
  order: number[];
  /** Circles of needs, each as its keys in the order of the needs. */
  circles: string[][];
}

/** Needs that name no step are ignored. Takes time in proportion to steps and needs. */
export function orderSteps(steps: readonly GraphStep[]): StepOrder {
  const indexes = indexesByKey(steps);
  const open = steps.map(() => 0);
  const dependents: number[][] = steps.map(() => []);
  for (const [index, { needs }] of steps.entries()) {
    for (const need of new Set(needs)) {
      const needed = indexes.get(need);
      if (needed === undefined) continue;
      dependents[needed]?.push(index);
      open[index] = (open[index] ?? 0) + 1;
    }
  }
  const order = [...steps.keys()].filter((index) => open[index] === 0);
  for (const index of order) {
    for (const dependent of dependents[index] ?? []) {
      open[dependent] = (open[dependent] ?? 0) - 1;
      if (open[dependent] === 0) order.push(dependent);
    }
  }
  return { order, circles: order.length === steps.length ? [] : findCircles(steps, indexes, new Set(order)) };
}

export function indexesByKey(steps: readonly GraphStep[]): Map<string, number> {
  return new Map(steps.map(({ key }, index) => [key, index]));
}

/** Walks from need to need among the steps that could not be ordered: each of them has such a need. */
function findCircles(steps: readonly GraphStep[], indexes: ReadonlyMap<string, number>, ordered: ReadonlySet<number>) {
  const circles: string[][] = [];
  const visited = new Set(ordered);
  for (const start of steps.keys()) {
    const walk = new Map<number, number>();
    let at: number | undefined = start;
    while (at !== undefined && !visited.has(at)) {
      visited.add(at);
      walk.set(at, walk.size);
      at = steps[at]?.needs
        .map((need) => indexes.get(need))
        .find((needed) => needed !== undefined && !ordered.has(needed));
    }
    const entry = at === undefined ? undefined : walk.get(at);
    if (entry !== undefined) circles.push([...walk.keys()].slice(entry).map((index) => steps[index]?.key ?? ''));
  }
  return circles;
}

/** Answers whether one step surely has settled before another starts. */
export class Upstream {
  readonly #rows: Uint32Array[];

  constructor(steps: readonly GraphStep[], order: readonly number[]) {
    const indexes = indexesByKey(steps);
    const words = Math.ceil(steps.length / 32);
    // One bit for each pair: 12.5 MB for the 10,000 steps that a workflow may have.
    this.#rows = steps.map(() => new Uint32Array(0));
    for (const index of order) {
      const row = new Uint32Array(words);
      for (const need of steps[index]?.needs ?? []) {
        const needed = indexes.get(need);
        if (needed === undefined) continue;
        this.#rows[needed]?.forEach((word, at) => {
          row[at] = (row[at] ?? 0) | word;
        });
        row[needed >>> 5] = (row[needed >>> 5] ?? 0) | (1 << (needed & 31));
      }
      this.#rows[index] = row;
    }
  }

  /** Whether `earlier` is among the needs of `step`, or their needs, and so on. */
  has(step: number, earlier: number): boolean {
    return (((this.#rows[step]?.[earlier >>> 5] ?? 0) >>> (earlier & 31)) & 1) === 1;
  }
}
