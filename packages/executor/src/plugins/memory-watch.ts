import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 100;
const MIB = 1024 * 1024;

/** Bytes of memory that a process holds; undefined where that cannot be read, and once it is gone. */
export function residentBytes(pid: number): number | undefined {
  try {
    const [, kibibytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}

/** Looks at the memory of a process again and again, as long as it is told to. */
export class MemoryWatch {
  readonly #pid: number;
  readonly #mostMib: number;
  readonly #onTooMuch: () => void;
  #timer: NodeJS.Timeout | undefined;
  #base: number;

  /** @param mostMib on top of what the process holds at first */
  constructor(pid: number, mostMib: number, onTooMuch: () => void) {
    this.#pid = pid;
    this.#mostMib = mostMib;
    this.#onTooMuch = onTooMuch;
    // What a bare Node takes, until the plugin is loaded.
    this.#base = 64 * MIB;
  }

  /** What it holds now is what it needs without running anything. */
  rebase(): void {
    this.#base = residentBytes(this.#pid) ?? this.#base;
  }

  /** Whether it keeps so much, while it runs nothing, that it should not be used again. */
  get isBloated(): boolean {
    return (residentBytes(this.#pid) ?? 0) > this.#base + (this.#mostMib * MIB) / 2;
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      if ((residentBytes(this.#pid) ?? 0) > this.#base + this.#mostMib * MIB) this.#onTooMuch();
    }, LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
