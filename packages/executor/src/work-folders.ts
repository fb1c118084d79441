import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** The working folders of jobs: one for each execution, shared by its steps and deleted at its end. */
export class WorkFolders {
  readonly #root: string;
  readonly #made = new Set<string>();

  constructor(dataDir: string) {
    this.#root = resolve(dataDir, 'work');
  }

  path(executionId: string): string {
    return join(this.#root, executionId);
  }

  /** Makes it where it is missing: most steps need none. */
  async make(executionId: string): Promise<string> {
    const folder = this.path(executionId);
    this.#made.add(executionId);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /** The execution is over: what was made for it here goes away. */
  async letGo(executionId: string): Promise<void> {
    if (this.#made.delete(executionId)) await this.remove(executionId);
  }

  async remove(executionId: string): Promise<void> {
    await rm(this.path(executionId), { recursive: true, force: true });
  }

  /** Executions that have a folder here, also those of other executors on the same data folder. */
  async executions(): Promise<string[]> {
    return readdir(this.#root).catch(() => []);
  }
}
