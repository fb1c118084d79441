import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** The working folders of jobs: one for each execution, shared by its steps and deleted at its end. */
export class WorkFolders {
  readonly #root: string;

  constructor(dataDir: string) {
    this.#root = resolve(dataDir, 'work');
  }

  async create(executionId: string): Promise<string> {
    const folder = join(this.#root, executionId);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  async remove(executionId: string): Promise<void> {
    await rm(join(this.#root, executionId), { recursive: true, force: true });
  }

  /** Executions that have a folder here, also those of other executors on the same data folder. */
  async executions(): Promise<string[]> {
    return readdir(this.#root).catch(() => []);
  }
}
