import { lstat, opendir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { ObjectSchema } from '@signalbox/plugin-sdk';
import { hostOf } from '@signalbox/plugin-sdk/host';
import { folderIn } from './job-folder.ts';
import type { Tool } from './tool-kind.ts';

type FileListInput = { path?: string; recursive?: boolean; limit?: number };
type Entry = { path: string; kind: 'file' | 'folder' | 'link' | 'other'; sizeBytes: number; modifiedAt: string };

const DEFAULT_LIMIT = 1_000;
const MOST_ENTRIES = 10_000;

const input: ObjectSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    path: {
      type: 'string',
      minLength: 1,
      title: 'Path',
      description: "A folder, from the job's working folder; that folder itself when absent.",
    },
    recursive: {
      type: 'boolean',
      title: 'Recursive',
      description: 'Whether the folders below are listed too; false when absent. Links are never followed.',
    },
    limit: {
      type: 'integer',
      minimum: 1,
      maximum: MOST_ENTRIES,
      title: 'Most entries',
      description: 'How many are listed at most; 1000 when absent.',
    },
  },
};

const output: ObjectSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['entries', 'truncated'],
  properties: {
    entries: {
      type: 'array',
      title: 'Entries',
      description: 'By their paths, in the order of the alphabet.',
      items: {
        type: 'object',
        required: ['path', 'kind', 'sizeBytes', 'modifiedAt'],
        properties: {
          path: { type: 'string', title: 'Path', description: "From the job's working folder." },
          kind: { enum: ['file', 'folder', 'link', 'other'], title: 'Kind', description: 'What it is.' },
          sizeBytes: { type: 'integer', title: 'Size', description: 'In bytes; 0 for what is no file.' },
          modifiedAt: {
            type: 'string',
            format: 'date-time',
            title: 'Modified',
            description: 'When it was changed last.',
          },
        },
      },
    },
    truncated: { type: 'boolean', title: 'Truncated', description: 'Whether there are more than were listed.' },
  },
};

export const fileList: Tool = {
  name: 'file.list',
  title: 'List files',
  description: "Lists a folder of the job's working folder.",
  input,
  output,
  async run(given, ctx) {
    const { path = '.', recursive = false, limit = DEFAULT_LIMIT } = given as FileListInput;
    const folder = await hostOf(ctx).folder();
    const [root, start] = await Promise.all([folderIn(folder, '.'), folderIn(folder, path)]);
    const entries: Entry[] = [];
    const open = [start];
    let truncated = false;
    for (let next = open.shift(); next !== undefined && !truncated; next = open.shift()) {
      for await (const { name } of await opendir(next)) {
        truncated = entries.length === limit;
        if (truncated) break;
        const full = join(next, name);
        const entry = await entryOf(root, full);
        if (entry) entries.push(entry);
        if (recursive && entry?.kind === 'folder') open.push(full);
      }
    }
    return { entries: entries.toSorted((a, b) => (a.path < b.path ? -1 : 1)), truncated };
  },
};

/** Nothing for what has gone meanwhile. */
async function entryOf(root: string, full: string): Promise<Entry | undefined> {
  const stats = await lstat(full).catch(() => undefined);
  if (!stats) return undefined;
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'other';
  return {
    path: relative(root, full).split(sep).join('/'),
    kind,
    sizeBytes: kind === 'file' ? stats.size : 0,
    modifiedAt: stats.mtime.toISOString(),
  };
}
