import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { endedChildrenCpuMs, memoryOf, type ProcessStat, processStats, variableOf } from './process-stats.ts';
import type { UsageMeter } from './usage-meter.ts';

/** The first look comes soon, for programs that end soon; then this often, or less where a look is dear. */
const FIRST_LOOK_MS = 30;
const LOOK_MS = 250;
/** A look may take this part of a processor's time; what it waits for one on a busy machine does not count. */
const MOST_OF_TIME = 1 / 50;

/** The variable that marks what a program starts, even when it leaves the program's process group. */
export const PROGRAM_ID = 'SIGNALBOX_PROGRAM_ID';

interface Program {
  leader: number;
  meter: UsageMeter;
  startedAt: number;
  /** Of the processes that live now, and of all there ever were as far as it was seen. */
  livingMs: number;
  cpuMs: number;
}

export interface WatchedProgram {
  /** The program itself has ended and was noticed; what it has started may still live. */
  exited(): void;
  /** Nothing of it lives any more. @param cpuMs what it used in all, where the system knows */
  ended(cpuMs: number | undefined): void;
}

/**
 * Measures the programs of all steps, each with everything it started: one look at the machine's processes for all of them,
 * and none while no program runs. Of a process that ended between two looks its parent tells the CPU time, and of the
 * program itself this process; of others what was seen last counts.
 */
export class ProgramWatch {
  /** By the id of their mark. */
  readonly #programs = new Map<string, Program>();
  /** Processes outside of all groups, and whose they are. */
  readonly #outside = new Map<string, Program | undefined>();
  #timer: NodeJS.Timeout | undefined;
  #endedChildrenMs = 0;

  /** @param mark the value of `PROGRAM_ID` in the environment it was given */
  watch(leader: number, mark: string, meter: UsageMeter): WatchedProgram {
    const program = { leader, meter, startedAt: performance.now(), livingMs: 0, cpuMs: 0 };
    meter.addCpu(0);
    this.#programs.set(mark, program);
    // What other children have used until now is none of this program's.
    this.#endedChildrenMs = endedChildrenCpuMs();
    this.#lookAfter(FIRST_LOOK_MS);
    return {
      exited: () => this.#exited(program),
      ended: (cpuMs) => {
        if (cpuMs !== undefined) count(program, Math.max(program.cpuMs, cpuMs));
        this.#programs.delete(mark);
        if (this.#programs.size > 0) return;
        clearTimeout(this.#timer);
        this.#timer = undefined;
        this.#outside.clear();
      },
    };
  }

  #lookAfter(pause: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const before = process.threadCpuUsage();
      this.#look();
      const { system, user } = process.threadCpuUsage(before);
      this.#lookAfter(Math.max(LOOK_MS, (system + user) / 1_000 / MOST_OF_TIME));
    }, pause).unref();
  }

  #look(): void {
    const programs = [...this.#programs.values()];
    const stats = processStats(Math.min(...programs.map(({ leader }) => leader)));
    const memory = new Map<UsageMeter, number>();
    const cpu = new Map(programs.map((program) => [program, 0]));
    for (const [stat, program] of this.#sorted(stats)) {
      cpu.set(program, (cpu.get(program) ?? 0) + stat.cpuMs);
      const { bytes, mostBytes } = memoryOf(stat.id);
      for (let meter: UsageMeter | undefined = program.meter; meter; meter = meter.parent) {
        meter.sawMemory(mostBytes);
        memory.set(meter, (memory.get(meter) ?? 0) + bytes);
      }
    }
    for (const [meter, bytes] of memory) meter.sawMemory(bytes);
    for (const [program, livingMs] of cpu) {
      // Less than before: something has ended that nobody of the program has noticed.
      count(program, program.cpuMs + Math.max(0, livingMs - program.livingMs));
      program.livingMs = livingMs;
    }
  }

  /** Of the processes those that belong to a program. */
  *#sorted(stats: readonly ProcessStat[]): Generator<[ProcessStat, Program]> {
    const byGroup = new Map([...this.#programs.values()].map((program) => [program.leader, program]));
    const byProcess = new Map<number, Program>();
    for (const stat of stats) {
      const program = byGroup.get(stat.group) ?? byProcess.get(stat.parent) ?? this.#ofOutside(stat);
      if (!program) continue;
      byProcess.set(stat.id, program);
      yield [stat, program];
    }
  }

  /** A process stays whose it is, so each is asked once. */
  #ofOutside({ id, startedAt }: ProcessStat): Program | undefined {
    const name = `${id} ${startedAt}`;
    if (!this.#outside.has(name)) this.#outside.set(name, this.#programs.get(variableOf(id, PROGRAM_ID) ?? ''));
    return this.#outside.get(name);
  }

  /** Programs that have ended at the same moment are told apart by nobody: the first one gets it all. */
  #exited(program: Program): void {
    const all = endedChildrenCpuMs();
    const own = all - this.#endedChildrenMs;
    this.#endedChildrenMs = all;
    const possible = (performance.now() - program.startedAt) * availableParallelism();
    count(program, Math.max(program.cpuMs, Math.min(own, possible)));
    // What it started itself and did not wait for is seen anew from here.
    program.livingMs = Number.POSITIVE_INFINITY;
  }
}

function count(program: Program, cpuMs: number): void {
  program.meter.addCpu(cpuMs - program.cpuMs);
  program.cpuMs = cpuMs;
}
