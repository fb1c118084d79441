/** Reads Linux's /proc. Elsewhere it knows nothing, and process groups are all there is. */
import { readdir, readFile } from 'node:fs/promises';
import { SharedLook } from './shared-look.ts';

const linux = process.platform === 'linux';

export interface MarkedProcess {
  id: number;
  group: number;
}

interface LivingProcess extends MarkedProcess {
  /** `NAME=value` each; empty for those of other users. */
  variables: readonly string[];
}

/** When a hundred groups end at once, each of them reading the table of all processes would take seconds. */
const groups = new SharedLook(async () => {
  const ids = await processIds();
  const found = await Promise.all(ids.map(async (id) => ({ id, group: await groupOf(id) })));
  return found.filter((process): process is MarkedProcess => process.group !== undefined);
});
const environments = new SharedLook(async (): Promise<LivingProcess[]> => {
  const living = (await groups.ask()).filter(({ id }) => id !== process.pid);
  return Promise.all(living.map(async (one) => ({ ...one, variables: await environmentOf(one.id) })));
});

/** Ids of the processes that live and belong to the group; undefined where /proc does not exist. */
export async function groupMembers(group: number): Promise<number[] | undefined> {
  if (!linux) return undefined;
  return (await groups.ask()).filter((one) => one.group === group).map(({ id }) => id);
}

/** The living processes whose environment holds `NAME=value`, of those with an id above `above`. */
export async function processesMarked(mark: string, above: number): Promise<MarkedProcess[]> {
  const living = await withEnvironments();
  return living.filter(({ id, variables }) => id > above && variables.includes(mark));
}

/** The values that living processes have in the variable, with the ids of those processes. */
export async function valuesOf(variable: string): Promise<Map<string, number[]>> {
  const values = new Map<string, number[]>();
  for (const { id, variables } of await withEnvironments()) {
    const entry = variables.find((candidate) => candidate.startsWith(`${variable}=`));
    if (entry === undefined) continue;
    const value = entry.slice(variable.length + 1);
    values.set(value, [...(values.get(value) ?? []), id]);
  }
  return values;
}

function withEnvironments(): Promise<LivingProcess[]> {
  return linux ? environments.ask() : Promise.resolve([]);
}

/** Undefined for one that is gone, and for a zombie, which only waits for its parent to notice. */
async function groupOf(id: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${id}/stat`, 'latin1').catch(() => '');
  // "12 (name, which may hold anything) S parent group …"
  const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return group === undefined || state === 'Z' || state === 'X' ? undefined : Number(group);
}

/** Those of other users cannot be read. */
async function environmentOf(id: number): Promise<string[]> {
  return (await readFile(`/proc/${id}/environ`, 'latin1').catch(() => '')).split('\0');
}

async function processIds(): Promise<number[]> {
  return (await readdir('/proc')).map(Number).filter((id) => Number.isInteger(id) && id > 1);
}
