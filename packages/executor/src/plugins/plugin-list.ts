import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';

const USUAL_FILE = 'signalbox.config.yaml';

/** The list of plugins in the configuration file, for as long as that is where the list comes from. */
export class PluginList {
  readonly #file: string;
  #state = '';
  #seen = '';

  constructor(configPath: string | undefined) {
    this.#file = path.resolve(configPath ?? USUAL_FILE);
  }

  /** Whether the file says what the settings say: then its changes count; else the environment has overruled it. */
  async isSource(plugins: readonly string[]): Promise<boolean> {
    this.#state = await this.#look();
    this.#seen = this.#state;
    const listed = await this.#read().catch(() => undefined);
    return listed !== undefined && listed.join(',') === plugins.join(',');
  }

  /**
   * The list, once the file has changed and two looks have found it the same: nobody is writing to it, and one that is saved in
   * place is empty for a moment. Undefined too for a file that cannot be understood.
   */
  async changed(): Promise<string[] | undefined> {
    const state = await this.#look();
    const isStill = state === this.#seen;
    this.#seen = state;
    if (state === this.#state || !isStill) return undefined;
    this.#state = state;
    return this.#read().catch(() => undefined);
  }

  async #look(): Promise<string> {
    const found = await stat(this.#file).catch(() => undefined);
    return found ? `${found.mtimeMs} ${found.size} ${found.ino}` : '';
  }

  async #read(): Promise<string[]> {
    const source = await readFile(this.#file, 'utf8').catch(() => '');
    const content: unknown = parse(source);
    const isObject = typeof content === 'object' && content !== null;
    const value: unknown = isObject && 'SIGNALBOX_PLUGINS' in content ? content.SIGNALBOX_PLUGINS : '';
    const entries: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [];
    return [...new Set(entries.map((entry) => String(entry).trim()))].filter(Boolean);
  }
}
