/** Reads Linux's /proc. Elsewhere it knows nothing, and process groups are all there is. */
import { readdir, readFile } from 'node:fs/promises';

const linux = process.platform === 'linux';

export interface MarkedProcess {
  id: number;
  group: number;
}

/** Ids of the processes that live and belong to the group; undefined where /proc does not exist. */
export async function groupMembers(group: number): Promise<number[] | undefined> {
  if (!linux) return undefined;
  const ids = await processIds();
  const groups = await Promise.all(ids.map(groupOf));
  return ids.filter((_id, index) => groups[index] === group);
}

/** The living processes whose environment holds `NAME=value`, of those with an id above `above`. */
export async function processesMarked(mark: string, above: number): Promise<MarkedProcess[]> {
  const marked = (await environments(above)).filter(({ variables }) => variables.includes(mark));
  const found = await Promise.all(marked.map(async ({ id }) => ({ id, group: await groupOf(id) })));
  return found.filter((process): process is MarkedProcess => process.group !== undefined);
}

/** The values that living processes have in the variable, with the ids of those processes. */
export async function valuesOf(variable: string): Promise<Map<string, number[]>> {
  const values = new Map<string, number[]>();
  for (const { id, variables } of await environments(1)) {
    const entry = variables.find((candidate) => candidate.startsWith(`${variable}=`));
    if (entry === undefined) continue;
    const value = entry.slice(variable.length + 1);
    values.set(value, [...(values.get(value) ?? []), id]);
  }
  return values;
}

/** Undefined for one that is gone, and for a zombie, which only waits for its parent to notice. */
async function groupOf(id: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${id}/stat`, 'latin1').catch(() => '');
  // "12 (name, which may hold anything) S parent group …"
  const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return group === undefined || state === 'Z' || state === 'X' ? undefined : Number(group);
}

async function environments(above: number): Promise<{ id: number; variables: string[] }[]> {
  if (!linux) return [];
  const ids = (await processIds()).filter((id) => id > above && id !== process.pid);
  return Promise.all(
    ids.map(async (id) => {
      // Those of other users cannot be read, and those of zombies are empty.
      const environment = await readFile(`/proc/${id}/environ`, 'latin1').catch(() => '');
      return { id, variables: environment.split('\0') };
    }),
  );
}

async function processIds(): Promise<number[]> {
  return (await readdir('/proc')).map(Number).filter((id) => Number.isInteger(id) && id > 1);
}
