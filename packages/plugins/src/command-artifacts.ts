import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepContext } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';
import { hostOf } from '@signalbox/plugin-sdk/host';
import { fitsGlob } from './glob-match.ts';
import { withFile } from './job-folder.ts';

/** Which files are kept: by a pattern, and how they are called. */
export type ArtifactRule = string | { glob: string; name?: string; contentType?: string };

export const artifactsSchema = {
  type: 'array',
  maxItems: 50,
  title: 'Artifacts',
  description:
    "Files of the job's working folder that are kept with the job, also when the command fails: patterns such as dist/**/*.zip.",
  items: {
    title: 'Artifact',
    description: 'A pattern, or a pattern with the name and the content type of its file.',
    anyOf: [
      { type: 'string', minLength: 1 },
      {
        type: 'object',
        additionalProperties: false,
        required: ['glob'],
        properties: {
          glob: {
            type: 'string',
            minLength: 1,
            title: 'Pattern',
            description: '`*` and `?` stand for signs of a name, `**` for any folders.',
          },
          name: {
            type: 'string',
            minLength: 1,
            title: 'Name',
            description: 'What the file is called when it is the only one; its path when absent.',
          },
          contentType: { type: 'string', minLength: 1, title: 'Content type', description: 'Such as text/html.' },
        },
      },
    ],
  },
};

const MOST_KEPT = 200;
const MOST_LOOKED_AT = 100_000;

/** Throws a USER_INPUT failure for a pattern that looks outside of the working folder. */
export function checkRules(rules: readonly ArtifactRule[]): void {
  for (const rule of rules) {
    const { glob } = ruleOf(rule);
    const parts = glob.split('/');
    const problem = glob.startsWith('/')
      ? 'is absolute'
      : parts.includes('..')
        ? 'holds ".."'
        : glob.includes('\0')
          ? 'holds a NUL character'
          : undefined;
    if (problem === undefined) continue;
    const message = `The artifact pattern ${JSON.stringify(glob)} ${problem}. Patterns look below the job's working folder.`;
    throw new StepFailure(message, { category: 'USER_INPUT', retryable: false });
  }
}

/** Keeps the files that fit. One that may not be kept, and a pattern that nothing fits, is a warning in the log. */
export async function keepArtifacts(ctx: StepContext<unknown>, rules: readonly ArtifactRule[]): Promise<void> {
  const folder = await hostOf(ctx).folder();
  const files = await filesBelow(folder);
  const kept = new Set<string>();
  for (const rule of rules) {
    const { contentType, glob, name } = ruleOf(rule);
    const found = files.filter((path) => fitsGlob(plain(glob), path));
    if (found.length === 0) ctx.log('WARNING', `No file fits the artifact pattern "${glob}".`);
    for (const path of found) {
      if (kept.has(path)) continue;
      if (kept.size === MOST_KEPT) {
        ctx.log('WARNING', `More than ${MOST_KEPT} files fit the artifact patterns; the rest is not kept.`);
        return;
      }
      kept.add(path);
      await ctx.checkpoint();
      await keep(ctx, path, found.length === 1 && name !== undefined ? name : path, contentType);
    }
  }
}

async function keep(
  ctx: StepContext<unknown>,
  path: string,
  name: string,
  contentType: string | undefined,
): Promise<void> {
  try {
    await withFile(await hostOf(ctx).folder(), path, async () => ctx.artifact(name, { path }, contentType));
  } catch (error) {
    if (!(error instanceof StepFailure) || error.category !== 'USER_INPUT') throw error;
    ctx.log('WARNING', `It is not kept as an artifact. ${error.message}`);
  }
}

/** The ordinary files below a folder, by their paths from it. No link is followed. */
async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  const open = [''];
  let seen = 0;
  for (let path = open.shift(); path !== undefined && seen < MOST_LOOKED_AT; path = open.shift()) {
    // The command may have deleted it, the working folder itself included.
    const entries = await opendir(join(folder, path)).catch(() => []);
    for await (const { name } of entries) {
      seen += 1;
      const inner = path === '' ? name : `${path}/${name}`;
      const stats = await lstat(join(folder, inner)).catch(() => undefined);
      if (stats?.isDirectory()) open.push(inner);
      else if (stats?.isFile()) files.push(inner);
    }
  }
  return files.toSorted();
}

function ruleOf(rule: ArtifactRule): Exclude<ArtifactRule, string> {
  return typeof rule === 'string' ? { glob: rule } : rule;
}

function plain(glob: string): string {
  return glob
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}
