import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseWorkflow } from '@signalbox/core/workflow';
import { listSlugs, saveWorkflow } from '@signalbox/db/workflows';
import type { Services } from './context.ts';

const WORKFLOW_FILE = /\.(ya?ml|json)$/i;
/** As much as a request may bring. */
const MOST_BYTES = 1024 * 1024;

/**
 * Saves every workflow of a folder: a new or changed file is a new version, the others change nothing. A file that cannot be
 * used is one warning and is skipped. Returns how many were saved or there already.
 */
export async function loadWorkflowFiles({ db, log }: Services, tenantId: string, folder: string): Promise<number> {
  let names: string[];
  try {
    names = (await readdir(folder)).filter((name) => WORKFLOW_FILE.test(name)).sort();
  } catch (error) {
    log.warn(`${folder}: workflows cannot be loaded from this folder (${reasonOf(error)})`);
    return 0;
  }
  const files = new Map<string, string>();
  const sources = new Map<string, Awaited<ReturnType<typeof readSource>>>();
  for (const name of names) sources.set(path.join(folder, name), await readSource(path.join(folder, name)));
  // A workflow may run one of a file behind it.
  const workflows = await knownSlugs();
  for (const [file, source] of sources) {
    const problem = 'problem' in source ? source.problem : await load(file, source.text);
    if (problem) log.warn(`${problem} This workflow is not loaded.`);
  }
  return files.size;

  async function knownSlugs(): Promise<ReadonlySet<string> | undefined> {
    const stored = await listSlugs(db, tenantId);
    const texts = [...sources.values()].flatMap((source) => ('text' in source ? [source.text] : []));
    return stored && new Set([...stored, ...texts.flatMap((text) => parseWorkflow(text).definition?.slug ?? [])]);
  }

  /** Gives what is wrong with the file, if anything is. */
  async function load(file: string, source: string): Promise<string | undefined> {
    const { definition, issues } = parseWorkflow(source, undefined, workflows);
    if (!definition) {
      const [first, ...more] = issues;
      const place = first?.line === undefined ? '' : `:${first.line}:${first.column ?? 1}`;
      return `${file}${place}: ${first?.message}${more.length > 0 ? ` (and ${more.length} more)` : ''}`;
    }
    const other = files.get(definition.slug);
    if (other !== undefined) return `${file}: The slug "${definition.slug}" is taken by ${other}.`;
    await saveWorkflow(db, tenantId, definition, source);
    files.set(definition.slug, file);
    return undefined;
  }
}

async function readSource(file: string): Promise<{ text: string } | { problem: string }> {
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES)
      return { problem: `${file}: A workflow may have ${MOST_BYTES} bytes, and this file has ${size}.` };
    return { text: await readFile(file, 'utf8') };
  } catch (error) {
    return { problem: `${file}: The file cannot be read (${reasonOf(error)}).` };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
