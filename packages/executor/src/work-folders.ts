import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** The working folders of jobs: one for each job on this machine, shared by its steps and kept for as long as it may go on. */
export class WorkFolders {
  readonly #root: string;
  readonly #made = new Set<string>();

  constructor(dataDir: string) {
    this.#root = resolve(dataDir, 'work');
  }

  path(jobId: string): string {
    return join(this.#root, jobId);
  }

  /** Makes it where it is missing: most steps need none. */
  async make(jobId: string): Promise<string> {
    const folder = this.path(jobId);
    this.#made.add(jobId);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /** This executor no longer holds the job. What it made is deleted when the job is done for good. */
  async letGo(jobId: string, done: boolean): Promise<void> {
    if (this.#made.delete(jobId) && done) await this.remove(jobId);
  }

  async remove(jobId: string): Promise<void> {
    await rm(this.path(jobId), { recursive: true, force: true });
  }

  /** Jobs that have a folder here, also those of other executors on the same data folder. */
  async jobs(): Promise<string[]> {
    return readdir(this.#root).catch(() => []);
  }

  /** Since when nothing was put into the folder itself; undefined when it is gone. */
  async untouchedSince(jobId: string): Promise<Date | undefined> {
    const found = await stat(this.path(jobId)).catch(() => undefined);
    return found?.mtime;
  }
}
