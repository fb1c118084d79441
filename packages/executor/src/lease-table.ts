import type { ProgramUsage } from '@signalbox/db/held-job';

/** Version, epoch, job, execution, time, and of its programs the memory and the processor time. */
const SLOT_BYTES = 64;
const HEADER_BYTES = 8;
const JOB_AT = 8;
const EXECUTION_AT = 24;
const TIME_AT = 40;
const MEMORY_AT = 48;
const CPU_AT = 56;
const ID_BYTES = 16;

export interface SharedLease {
  jobId: string;
  /** From 1. */
  epoch: number;
  executionId: string;
  confirmedAt: number;
  usage?: ProgramUsage;
}

/** For what is not known; nothing that is measured is less than 0. */
const UNKNOWN = -1;

/**
 * The leases that this process holds, in memory that its main thread writes and the heartbeat's thread reads: to take and to
 * end a job costs no message, and what is held is known however long the main thread is busy. A slot's version is odd while it
 * is written.
 */
export class LeaseTable {
  readonly buffer: SharedArrayBuffer;
  readonly #numbers: Int32Array;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #free: number[];

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#numbers = new Int32Array(buffer);
    this.#view = new DataView(buffer);
    this.#bytes = new Uint8Array(buffer);
    const slots = (buffer.byteLength - HEADER_BYTES) / SLOT_BYTES;
    this.#free = Array.from({ length: slots }, (_, slot) => HEADER_BYTES + slot * SLOT_BYTES).reverse();
  }

  static forLeases(count: number): LeaseTable {
    return new LeaseTable(new SharedArrayBuffer(HEADER_BYTES + count * SLOT_BYTES));
  }

  /** Says that the main thread is not stuck. */
  pulse(): void {
    Atomics.add(this.#numbers, 0, 1);
  }

  /** Another number than before when there was a pulse since. */
  get pulses(): number {
    return Atomics.load(this.#numbers, 0);
  }

  /** For the main thread only, as is `remove`. Returns where it stands. */
  add({ confirmedAt, epoch, executionId, jobId }: SharedLease): number {
    const at = this.#free.pop();
    if (at === undefined) throw new Error('more jobs are held than this worker takes');
    this.#write(at, epoch, () => {
      this.#bytes.set(bytesOf(jobId), at + JOB_AT);
      this.#bytes.set(bytesOf(executionId), at + EXECUTION_AT);
      this.#view.setFloat64(at + TIME_AT, confirmedAt);
      this.#setUsage(at, undefined);
    });
    return at;
  }

  /** What the programs of its job have used so far. */
  tell(at: number, usage: ProgramUsage): void {
    this.#write(at, Atomics.load(this.#numbers, at / 4 + 1), () => this.#setUsage(at, usage));
  }

  remove(at: number): void {
    this.#write(at, 0, () => undefined);
    this.#free.push(at);
  }

  /** One that is written at this moment is left out. */
  read(): SharedLease[] {
    const leases: SharedLease[] = [];
    for (let at = HEADER_BYTES; at < this.buffer.byteLength; at += SLOT_BYTES) {
      const version = Atomics.load(this.#numbers, at / 4);
      const epoch = Atomics.load(this.#numbers, at / 4 + 1);
      if (version % 2 !== 0 || epoch === 0) continue;
      const jobId = this.#idAt(at + JOB_AT);
      const executionId = this.#idAt(at + EXECUTION_AT);
      const confirmedAt = this.#view.getFloat64(at + TIME_AT);
      const lease = { jobId, epoch, executionId, confirmedAt, usage: this.#usageAt(at) };
      if (Atomics.load(this.#numbers, at / 4) === version) leases.push(lease);
    }
    return leases;
  }

  #write(at: number, epoch: number, fill: () => void): void {
    Atomics.add(this.#numbers, at / 4, 1);
    Atomics.store(this.#numbers, at / 4 + 1, epoch);
    fill();
    Atomics.add(this.#numbers, at / 4, 1);
  }

  #setUsage(at: number, usage: ProgramUsage | undefined): void {
    this.#view.setFloat64(at + MEMORY_AT, usage?.peakMemoryBytes ?? UNKNOWN);
    this.#view.setFloat64(at + CPU_AT, usage?.cpuMs ?? UNKNOWN);
  }

  #usageAt(at: number): ProgramUsage | undefined {
    const [bytes, cpuMs] = [this.#view.getFloat64(at + MEMORY_AT), this.#view.getFloat64(at + CPU_AT)];
    return cpuMs === UNKNOWN ? undefined : { peakMemoryBytes: bytes === UNKNOWN ? null : bytes, cpuMs };
  }

  #idAt(at: number): string {
    const hex = Buffer.from(this.#bytes.slice(at, at + ID_BYTES)).toString('hex');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }
}

function bytesOf(id: string): Uint8Array {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}
