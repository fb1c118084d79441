import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type {
  Activity,
  ActivityStart,
  Reservation,
  ReservationRequest,
  SpawnOptions,
  StepContext,
} from '@signalbox/plugin-sdk';
import { LineStream } from '../../line-stream.ts';
import { StepStopped } from '../../step-stopped.ts';
import type { CallName, Calls, StepFacts, Stream } from '../protocol.ts';
import { sentAmount, sentCost } from '../sent-cost.ts';
import { artifactToSend } from './artifact-content.ts';
import { ChildLog } from './child-log.ts';
import type { Outbox } from './outbox.ts';
import { askForSecret } from './secret-channel.ts';

/** More at a time is no work but a fault. */
const MOST_CALLS = 256;

interface OpenCall {
  resolve(answer: unknown): void;
  reject(error: Error): void;
  /** What a line of the program throws in its reader becomes the end of the call. */
  onLine?: SpawnOptions['onLine'];
}

/** What a step may know and do, this side of the socket. */
export class ChildContext {
  readonly facts: StepFacts;
  readonly #step: number;
  readonly #outbox: Outbox;
  readonly #aborter = new AbortController();
  readonly #calls = new Map<number, OpenCall>();
  readonly #log: ChildLog;
  readonly #stream = new LineStream();
  #lastCall = 0;

  constructor(step: number, { facts, logRoom }: { facts: StepFacts; logRoom: number }, outbox: Outbox) {
    this.#step = step;
    this.facts = facts;
    this.#outbox = outbox;
    this.#log = new ChildLog(step, logRoom, outbox);
  }

  abort(reason: string): void {
    this.#aborter.abort(reason);
  }

  answer(call: number, answer: unknown): void {
    this.#take(call)?.resolve(answer);
  }

  refuse(call: number, error: Error): void {
    this.#take(call)?.reject(error);
  }

  line(call: number, line: string, stream: Stream): void {
    const open = this.#calls.get(call);
    if (!open?.onLine) return;
    try {
      this.#stream.during(stream, () => open.onLine?.(line, stream));
    } catch (error) {
      this.#calls.delete(call);
      open.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  forPlugin(): StepContext<Record<string, unknown>> {
    const { signal } = this.#aborter;
    const refuseWhenStopped = () => {
      if (signal.aborted) throw new StepStopped(signal.reason);
    };
    return {
      ...this.facts,
      signal,
      log: (level, message) => this.#log.write(level, this.#stream.current, message),
      progress: (percent, note) => this.#tellProgress(percent, note),
      checkpoint: async () => {
        refuseWhenStopped();
        await this.#call('checkpoint', {});
        refuseWhenStopped();
      },
      spawn: async (program, args, { onLine, ...options } = {}) => {
        refuseWhenStopped();
        return this.#call('spawn', { program, args, options, hasReader: onLine !== undefined }, onLine);
      },
      artifact: async (name, content, contentType) => {
        refuseWhenStopped();
        const { ask, file } = await artifactToSend(content);
        try {
          return await this.#call('artifact', { name, content: ask, contentType });
        } finally {
          if (file !== undefined) await rm(file, { force: true });
        }
      },
      cost: (entry) => this.#outbox.send({ type: 'cost', step: this.#step, entry: sentCost(entry) }),
      reserve: async (request) => {
        refuseWhenStopped();
        return this.#reserve(request);
      },
      activity: (start) => this.#beginActivity(start),
      secret: (name) => askForSecret({ step: this.#step, name }),
    };
  }

  #tellProgress(percent: number, note: string | undefined): void {
    if (this.#outbox.isFull) return;
    const told = note === undefined ? {} : { note: String(note).slice(0, 100_000) };
    this.#outbox.send({ type: 'progress', step: this.#step, percent, stream: this.#stream.current, ...told });
  }

  async #reserve({ limit, microUsd, ...rest }: ReservationRequest): Promise<Reservation> {
    const ask = {
      ...rest,
      ...sentAmount(microUsd),
      ...(limit && { limit: { ...limit, ...sentAmount(limit.microUsd) } }),
    };
    const { limited, reservation } = await this.#call('reserve', ask as Calls['reserve']['ask']);
    return {
      limited,
      settle: async (cost) => void (await this.#call('settle', { reservation, cost: sentCost(cost) })),
      release: async () => void (await this.#call('release', { reservation })),
    };
  }

  #beginActivity({ parent, ...start }: ActivityStart): Activity {
    const id = randomUUID();
    const of = { step: this.#step, id };
    this.#outbox.send({ type: 'activity', ...of, start: { ...start, ...(parent && { parent: parent.id }) } });
    return {
      id,
      end: ({ cost, ...end }) =>
        this.#outbox.send({ type: 'activityEnd', ...of, end: { ...end, ...(cost && { cost: sentCost(cost) }) } }),
    };
  }

  #call<Name extends CallName>(
    name: Name,
    ask: Calls[Name]['ask'],
    onLine?: SpawnOptions['onLine'],
  ): Promise<Calls[Name]['answer']> {
    if (this.#calls.size >= MOST_CALLS) throw new Error(`A step may wait for ${MOST_CALLS} things at a time.`);
    this.#lastCall += 1;
    const call = this.#lastCall;
    return new Promise((resolve, reject) => {
      this.#calls.set(call, { resolve: resolve as (answer: unknown) => void, reject, onLine });
      try {
        this.#outbox.send({ type: 'call', step: this.#step, call, name, ask } as Parameters<Outbox['send']>[0]);
      } catch (error) {
        this.#calls.delete(call);
        throw error;
      }
    });
  }

  #take(call: number): OpenCall | undefined {
    const open = this.#calls.get(call);
    this.#calls.delete(call);
    return open;
  }
}
